package io.tuli.run;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts the processes of one system, and ends all of them: also those of a system that could be
 * started by half only. Used by one thread.
 *
 * @param options what they are started with
 * @param logs directory of their logs
 * @param started ends each
 */
public record Launcher(Options options, Path logs, List<AutoCloseable> started)
        implements AutoCloseable {

    private static final int CLIENT_PROCESSOR = 0;
    private static final int SERVER_PROCESSOR = 1;
    private static final int TRY_SECONDS_MAX = 10;
    private static final long MEBIBYTE = 1 << 20;
    private static final int END_SECONDS_MAX = 10;

    public Launcher(Options options, Path logs) {
        this(options, logs, new ArrayList<>());
    }

    /** The same processes; the next ones are started with other options. */
    public Launcher with(Options other) {
        return new Launcher(other, logs, started);
    }

    /** A server that is a child of ours. */
    public ChildProcess server(String name, List<String> command) {
        return kept(ChildProcess.start(name, onServer(options, command), logs));
    }

    /** The client, or one of them. */
    public ChildProcess client(String name, List<String> command) {
        return kept(ChildProcess.start(name, onClient(options, command), logs));
    }

    private ChildProcess kept(ChildProcess child) {
        started.add(child);
        return child;
    }

    /** A server of another product's program; {@code builder} has all but its processor. */
    public Process stranger(ProcessBuilder builder) {
        builder.command(onServer(options, builder.command()));
        try {
            Process process = builder.start();
            started.add(() -> end(process));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, and sees it gone: it would write on into a directory that is to be deleted. */
    public static void end(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once is enough; ending what has ended does nothing. */
    @Override
    public void close() {
        for (AutoCloseable each : started.reversed()) {
            try {
                each.close();
            } catch (Exception failed) {
                System.err.println("bench: a process could not be ended: " + failed);
            }
        }
        started.clear();
    }

    public static List<String> onClient(Options options, List<String> command) {
        return pinned(options, CLIENT_PROCESSOR, command);
    }

    public static List<String> onServer(Options options, List<String> command) {
        return pinned(options, SERVER_PROCESSOR, command);
    }

    private static List<String> pinned(Options options, int processor, List<String> command) {
        if (!options.is("pin")) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", "" + processor));
        pinned.addAll(command);
        return pinned;
    }

    /** What a result says of it. */
    public static String pinning(Options options) {
        return options.is("pin")
                ? "client on processor %d, servers on processor %d"
                        .formatted(CLIENT_PROCESSOR, SERVER_PROCESSOR)
                : "none";
    }

    /**
     * A machine without room kills a process of its choice, or stands still. What was started
     * before is warm by now, and has taken most of what it will take.
     */
    public static void requireRoom(Options options) {
        long needed = Machine.bytes(options.text("heap")) * 2;
        long available = Machine.availableBytes();
        if (available < needed) {
            throw new BenchException(
                    "client and server need %,d MiB of memory and %,d are left"
                                    .formatted(needed / MEBIBYTE, available / MEBIBYTE)
                            + "; take a smaller --heap, or fewer systems at once");
        }
    }

    /** Before anything is started, and not when half of it is. */
    public static void requirePinning(Options options) {
        if (!options.is("pin")) {
            return;
        }
        for (int processor : List.of(CLIENT_PROCESSOR, SERVER_PROCESSOR)) {
            if (!isThere(processor)) {
                throw BenchException.usage(
                        "--pin needs taskset (Debian: util-linux) and processors 0 and 1: a"
                                + " program could not be run on processor "
                                + processor);
            }
        }
    }

    private static boolean isThere(int processor) {
        try {
            Process process =
                    new ProcessBuilder("taskset", "-c", "" + processor, "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            boolean hasEnded = process.waitFor(TRY_SECONDS_MAX, TimeUnit.SECONDS);
            process.destroyForcibly();
            return hasEnded && process.exitValue() == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
