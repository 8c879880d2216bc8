package io.tuli.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory that is looked at. */
final class ReadOnlyDisk implements Disk {

    private final Path directory;
    private final @Nullable FileChannel lock;

    /**
     * @param lock keeps members out while it is open
     */
    ReadOnlyDisk(Path directory, @Nullable FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    @Override
    public List<String> names() throws IOException {
        return FileDisk.names(directory);
    }

    @Override
    public long freeBytes() throws IOException {
        return FileDisk.freeBytes(directory);
    }

    @Override
    public File open(String name) throws IOException {
        return new FileDisk.ChannelFile(
                FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public File create(String name, long bytes) {
        throw readOnly();
    }

    @Override
    public void rename(String from, String to) {
        throw readOnly();
    }

    @Override
    public void delete(String name) {
        throw readOnly();
    }

    @Override
    public void forceNames() {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("it is only looked at");
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
