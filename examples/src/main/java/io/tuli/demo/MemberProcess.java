package io.tuli.demo;

import io.tuli.child.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member process as the one that started it sees it. Used by one thread; {@link #close} by any.
 */
final class MemberProcess implements AutoCloseable {

    private static final int LINES_MAX = 1024;

    private final String name;
    private final Path log;
    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);

    private volatile @Nullable String memberId;
    private volatile String fate = "";

    private MemberProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts a process that joins the mesh once told to; what it logs goes to a file in the
     * directory.
     *
     * @param isDurable whether it keeps what it has in another one there, for its next life
     */
    static MemberProcess start(String mesh, String name, Path logs, boolean isDurable) {
        Path log = logs.resolve(name + ".log");
        List<String> arguments = new ArrayList<>(List.of(mesh, name));
        if (isDurable) {
            arguments.add(logs.resolve(name + ".data").toString());
        }
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(MemberMain.class, arguments));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            MemberProcess member = new MemberProcess(name, log, builder.start());
            Thread.ofPlatform().daemon().name("hear-" + name).start(member::hear);
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.put(line);
            }
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Its id in the mesh; null until it is ready. */
    @Nullable String memberId() {
        return memberId;
    }

    /** What became of it; empty while it is there. */
    String fate() {
        return fate;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Tells it to join. */
    void join() {
        tell(MemberMain.JOIN);
    }

    /** Whether it is in sync and takes requests. */
    boolean isReady() {
        if (memberId == null && lines.peek() != null) {
            awaitReady(Deadline.inSeconds(1));
        }
        return memberId != null;
    }

    /** Waits until it is in sync and takes requests. */
    void awaitReady(Deadline deadline) {
        if (memberId == null) {
            memberId = next(deadline, "ready").key();
        }
    }

    /** Everything its own copies hold. */
    ReplicaView view(Deadline deadline) {
        tell(MemberMain.VIEW);
        Map<String, List<Flight>> flights = new TreeMap<>();
        Map<String, Delays> airports = new TreeMap<>();
        Line line = next(deadline, "its documents");
        while (line.kind() != Line.Kind.END) {
            if (line.kind() == Line.Kind.ROUTE) {
                flights.put(line.key(), line.document(Route.class).flights());
            } else {
                airports.put(line.key(), line.document(Delays.class));
            }
            line = next(deadline, "its documents");
        }
        return new ReplicaView(name, flights, airports);
    }

    private void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new DemoException(name + " has ended unexpectedly; its log is " + log);
        }
    }

    private Line next(Deadline deadline, String what) {
        try {
            while (true) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    return Line.parse(line);
                }
                if (!process.isAlive() && lines.isEmpty()) {
                    throw new DemoException(
                            "%s ended with exit code %d before it told: %s; its log is %s"
                                    .formatted(name, process.exitValue(), what, log));
                }
                if (deadline.leftNanos() == 0) {
                    throw deadline.missed(name + " tells: " + what, "its log is " + log);
                }
            }
        } catch (InterruptedException e) {
            throw new DemoException("interrupted while " + name + " was to tell: " + what);
        }
    }

    /**
     * Asks it to leave, as an operator would: SIGTERM, and its input stays open, because the end of
     * that means that all is over and nothing need be handed over.
     */
    void terminate() {
        fate = "left";
        process.toHandle().destroy();
    }

    /** Kills it, as a machine that fails would: SIGKILL. */
    void kill() {
        fate = "killed";
        process.destroyForcibly();
    }

    void awaitEnd(Deadline deadline) {
        deadline.await(name + " ends", () -> !process.isAlive(), () -> "its log is " + log);
    }

    /** Ends it, kindly at first. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
        if (!Deadline.in(Duration.ofSeconds(3)).isMet(() -> !process.isAlive())) {
            process.destroyForcibly();
        }
    }
}
