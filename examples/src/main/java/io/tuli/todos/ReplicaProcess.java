package io.tuli.todos;

import io.tuli.child.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A replica as the process sees it that has started it. Thread-safe. */
final class ReplicaProcess implements AutoCloseable {

    private static final int END_SECONDS = 3;

    private final Process process;

    private ReplicaProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param log what it says of itself goes there
     * @param told of what becomes of it: once that it answers, then that it has ended
     */
    static ReplicaProcess start(String mesh, String name, Path log, Consumer<String> told) {
        ProcessBuilder builder =
                new ProcessBuilder(ChildJvm.command(ReplicaMain.class, List.of(mesh, name)));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            ReplicaProcess replica = new ReplicaProcess(builder.start());
            Thread.ofPlatform().daemon().name("hear-" + name).start(() -> replica.hear(told));
            return replica;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(Consumer<String> told) {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.equals(ReplicaMain.READY)) {
                    told.accept(Replicas.RUNNING);
                }
            }
            process.waitFor();
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
        told.accept(Replicas.STOPPED);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to leave, as an operator would: SIGTERM. */
    void stop() {
        process.toHandle().destroy(); // which leaves its input open
    }

    /** As a machine that fails would: SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
