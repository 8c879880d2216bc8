package io.tuli.lines;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A file of lines that several processes of one machine append to, one at a time. */
final class JsonLinesFile {

    /** Of one line; longer ones are no lines of ours. */
    private static final int LINE_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final Path lockPath;

    JsonLinesFile(Path path) {
        this.path = path;
        this.lockPath = path.resolveSibling(path.getFileName() + ".lock");
    }

    /**
     * The file, while nobody else has it; waits for those of other processes.
     *
     * @throws IOException where this process has it by another object
     */
    Locked lock() throws IOException {
        FileChannel channel =
                FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            channel.lock();
            return new Locked(channel);
        } catch (OverlappingFileLockException twice) {
            channel.close();
            throw new IOException("one process uses one JsonLines for one file: " + path, twice);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** One thread; closing it lets others have the file. */
    final class Locked implements AutoCloseable {

        private final FileChannel held;

        private Locked(FileChannel held) {
            this.held = held;
        }

        /** Another where another file has taken its place. */
        Object identity() throws IOException {
            if (!Files.exists(path)) {
                return "";
            }
            Object inode = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return inode == null ? path : inode;
        }

        long size() throws IOException {
            return Files.exists(path) ? Files.size(path) : 0;
        }

        Lines lines(long from) throws IOException {
            if (!Files.exists(path)) {
                return new Lines(InputStream.nullInputStream(), 0);
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            channel.position(from);
            return new Lines(Channels.newInputStream(channel), from);
        }

        /** Appends lines and syncs; on a line of their own, whatever was torn before. */
        long append(String text) throws IOException {
            try (FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                long size = channel.size();
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (size > 0 && last(channel, size) != '\n') {
                    write(channel, new byte[] {'\n'}, size);
                    size++;
                }
                write(channel, bytes, size);
                channel.force(false);
                return size + bytes.length;
            }
        }

        private static byte last(FileChannel channel, long size) throws IOException {
            ByteBuffer one = ByteBuffer.allocate(1);
            if (channel.read(one, size - 1) != 1) {
                throw new IOException("the end of the file cannot be read");
            }
            return one.get(0);
        }

        private static void write(FileChannel channel, byte[] bytes, long at) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            long place = at;
            while (left.hasRemaining()) {
                place += channel.write(left, place);
            }
        }

        /** What the file is to be. */
        Fresh fresh() throws IOException {
            return new Fresh();
        }

        @Override
        public void close() throws IOException {
            held.close();
        }
    }

    /** A file beside the other, until it takes its place. */
    final class Fresh implements AutoCloseable {

        private final Path beside = path.resolveSibling(path.getFileName() + ".new");
        private final FileChannel channel;
        private final OutputStream out;

        private Fresh() throws IOException {
            channel =
                    FileChannel.open(
                            beside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
            out = new java.io.BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
        }

        void write(String lines) throws IOException {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
        }

        void replace() throws IOException {
            out.flush();
            channel.force(true);
            channel.close();
            Files.move(
                    beside,
                    path,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** The lines from a place on. */
    static final class Lines implements AutoCloseable {

        private final InputStream in;
        private long at;

        private Lines(InputStream in, long at) {
            this.in = new BufferedInputStream(in, BUFFER_BYTES);
            this.at = at;
        }

        /** The next line, also the last one without its end; null where there is none. */
        @Nullable String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int next = in.read();
            if (next < 0) {
                return null;
            }
            while (next >= 0 && next != '\n') {
                at++;
                if (line.size() >= LINE_BYTES_MAX) {
                    throw new IOException("a line has at most 64 MiB: byte=" + at);
                }
                line.write(next);
                next = in.read();
            }
            at += next < 0 ? 0 : 1;
            return line.toString(StandardCharsets.UTF_8);
        }

        /** Where the next line begins, in bytes. */
        long at() {
            return at;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
