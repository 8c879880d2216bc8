package io.tuli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one run: logs of its processes, and what brokers write. It ends with the run,
 * well or badly, by Ctrl-C too, unless it is to be kept. Used by one thread, and by the hook that
 * the JVM runs when it is told to end.
 */
final class Logs implements AutoCloseable {

    /** So long it may take until killed processes are gone, and write no more. */
    private static final long END_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Path directory;
    private final boolean isKept;
    private final Thread hook = new Thread(this::endAll, "bench-end");

    private Logs(Path directory, boolean isKept) {
        this.directory = directory;
        this.isKept = isKept;
    }

    /**
     * A new directory.
     *
     * @param parent where; the machine's own place for such things where it says nothing
     */
    static Logs open(Path parent, boolean isKept) throws IOException {
        return in(
                parent.toString().isEmpty()
                        ? Files.createTempDirectory("tuli-bench-")
                        : Files.createTempDirectory(parent, "tuli-bench-"),
                isKept);
    }

    /** A part of a run, in a directory of its own; its name is short, as sockets may be in it. */
    static Logs in(Path directory, boolean isKept) throws IOException {
        Logs logs = new Logs(Files.createDirectories(directory), isKept);
        Runtime.getRuntime().addShutdownHook(logs.hook);
        return logs;
    }

    Path directory() {
        return directory;
    }

    /** For whoever wants to know more of a failure. */
    String whereabouts() {
        return isKept
                ? "the logs of its processes are in " + directory
                : "the logs of its processes are deleted; with --keep they stay";
    }

    /** Ctrl-C: what still runs is ours, and would write on; so is what is only just started. */
    private void endAll() {
        long deadline = System.nanoTime() + END_NANOS_MAX;
        while (hasEndedSome() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        if (!isKept) {
            delete();
        }
    }

    private static boolean hasEndedSome() {
        List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        return !processes.isEmpty();
    }

    @Override
    public void close() {
        if (!isKept) {
            delete();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs already, and does the same.
        }
    }

    /** A process that was killed a moment ago may have written one file more. */
    private void delete() {
        long deadline = System.nanoTime() + END_NANOS_MAX;
        while (true) {
            try {
                deleteOnce();
                return;
            } catch (DirectoryNotEmptyException | NoSuchFileException changing) {
                if (System.nanoTime() > deadline) {
                    System.err.println("bench: not all of this could be deleted: " + directory);
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private void deleteOnce() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path each, @Nullable IOException failed) throws IOException {
                        Files.deleteIfExists(each);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
