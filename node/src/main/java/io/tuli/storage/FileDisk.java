package io.tuli.storage;

import io.tuli.error.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the file system, which no other process may use at the same time. By channels, not
 * mapped: a mapping turns a full disk into an error of the machine, and syncs slower.
 */
public final class FileDisk implements Disk {

    private static final String LOCK = "LOCK";
    private static final String CLAIM = "io.tuli.directory:";
    private static final int STEP_BYTES = 1 << 20;
    private static final int OWNER_BYTES = 200;

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final String claim;

    private FileDisk(Path directory, FileChannel lockFile, FileLock lock, String claim) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
        this.claim = claim;
    }

    /**
     * Made where it is not there yet, for its user alone, and so is each file: they hold what
     * others may not read on the wire either.
     *
     * @throws JournalException LOCKED where another process has it, or another member of this one
     */
    public static FileDisk open(Path directory) throws IOException {
        Files.createDirectories(directory, alone(directory, "rwx------"));
        String claim = CLAIM + directory.toRealPath();
        if (System.getProperties().putIfAbsent(claim, LOCK) != null) {
            throw locked(directory, "this process, pid=" + ProcessHandle.current().pid());
        }
        try {
            return open(directory, claim);
        } catch (IOException | RuntimeException refused) {
            System.clearProperty(claim);
            throw refused;
        }
    }

    /**
     * One that is there, to be read: nothing is written, and no member can begin to use it until it
     * is closed.
     *
     * @throws JournalException LOCKED where a member uses it
     */
    public static Disk reading(Path directory) throws IOException {
        Path lock = directory.resolve(LOCK);
        if (System.getProperty(CLAIM + directory.toRealPath()) != null) {
            throw locked(directory, "this process, pid=" + ProcessHandle.current().pid());
        }
        if (!Files.exists(lock)) {
            return new ReadOnlyDisk(directory, null);
        }
        FileChannel file = FileChannel.open(lock, StandardOpenOption.READ);
        try {
            if (lock(file, true) == null) {
                throw locked(directory, owner(file));
            }
            return new ReadOnlyDisk(directory, file);
        } catch (IOException | RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    /**
     * A lock is the process's, and gone as soon as it closes the file anywhere: so within one
     * process who comes second must not open it, and finds a claim among the system properties,
     * which are the process's, too.
     */
    private static FileDisk open(Path directory, String claim) throws IOException {
        FileChannel file =
                FileChannel.open(
                        directory.resolve(LOCK),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        alone(directory, "rw-------"));
        FileLock lock = lock(file, false);
        if (lock == null) {
            String owner = owner(file);
            file.close();
            throw locked(directory, owner);
        }
        file.truncate(0).write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)), 0);
        return new FileDisk(directory, file, lock, claim);
    }

    /** Those permissions, where files have any. */
    static FileAttribute<?>[] alone(Path near, String permissions) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static JournalException locked(Path directory, String owner) {
        return new JournalException(
                JournalException.Reason.LOCKED,
                "a directory must be one member's alone: end the other, or name another"
                        + " directory: directory="
                        + directory
                        + " used by "
                        + owner);
    }

    private static String self() {
        return "pid=" + ProcessHandle.current().pid() + " host=" + host() + " since=" + since();
    }

    private static String since() {
        return ProcessHandle.current().info().startInstant().map(Instant::toString).orElse("?");
    }

    /** Without asking anybody for it, which may take its time. */
    private static String host() {
        String said = System.getenv("HOSTNAME");
        if (said != null && !said.isBlank()) {
            return said;
        }
        try {
            return Files.readString(Path.of("/etc/hostname")).strip();
        } catch (IOException nameless) {
            return "?";
        }
    }

    private static @Nullable FileLock lock(FileChannel file, boolean isShared) throws IOException {
        try {
            return file.tryLock(0, Long.MAX_VALUE, isShared);
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    private static String owner(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(OWNER_BYTES);
        file.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        return Printable.of(text);
    }

    @Override
    public List<String> names() throws IOException {
        return names(directory);
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return freeBytes(directory);
    }

    /** Some file systems have more than can be counted, which then seems less than nothing. */
    static long freeBytes(Path directory) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        return free < 0 ? Long.MAX_VALUE : free;
    }

    @Override
    public File create(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        alone(directory, "rw-------"));
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, STEP_BYTES));
            for (long at = 0; at < bytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(bytes - at, zeros.capacity()));
                writeAll(channel, zeros, at);
            }
            channel.force(true);
            return new ChannelFile(channel);
        } catch (IOException noRoom) {
            channel.close();
            Files.deleteIfExists(path);
            throw noRoom;
        }
    }

    @Override
    public File open(String name) throws IOException {
        return new ChannelFile(
                FileChannel.open(
                        directory.resolve(name),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void forceNames() throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            lock.release();
            lockFile.close();
        } finally {
            System.clearProperty(claim);
        }
    }

    static void writeAll(FileChannel channel, ByteBuffer from, long at) throws IOException {
        int start = from.position();
        while (from.hasRemaining()) {
            int count = channel.write(from, at + from.position() - start);
            if (count <= 0) {
                throw new EOFException("a write must write something: written=" + count);
            }
        }
    }

    /** One open file. */
    record ChannelFile(FileChannel channel) implements File {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            int start = into.position();
            while (into.hasRemaining()) {
                if (channel.read(into, at + into.position() - start) < 0) {
                    return;
                }
            }
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            writeAll(channel, from, at);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
