package io.tuli.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A command that runs in a process of its own, with its output in files. */
final class Serving implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private Serving(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts any command. */
    static Serving start(Path directory, String... args) {
        return start(directory, List.of(), args);
    }

    /** The same with a heap of so much at most. */
    static Serving withHeap(Path directory, String most, String... args) {
        Serving member = start(directory, List.of("-Xmx" + most), args);
        member.awaitOut("\n");
        return member;
    }

    /** The same with what one logger says, from level info on. */
    static Serving logging(Path directory, String logger, String... args) {
        String level = "-Dorg.slf4j.simpleLogger.log." + logger + "=info";
        Serving member = start(directory, List.of(level), args);
        member.awaitOut("\n");
        return member;
    }

    private static Serving start(Path directory, List<String> jvm, String... args) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            Path err = Files.createTempFile(directory, "err", ".txt");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvm);
            command.addAll(
                    List.of(
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName()));
            command.addAll(List.of(args));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            return new Serving(builder.start(), out, err);
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        }
    }

    /** Starts a server member and waits until it is ready. */
    static Serving ready(Path directory, String... args) {
        Serving member = start(directory, args);
        member.awaitOut("\n");
        return member;
    }

    void awaitOut(String text) {
        await("output with " + text, () -> out().contains(text));
    }

    void awaitErr(String text) {
        await("error output with " + text, () -> err().contains(text));
    }

    private void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .failFast(
                        () -> {
                            if (!process.isAlive() && !condition.call()) {
                                throw new AssertionError(
                                        "ended early: code=" + process.exitValue() + " " + err());
                            }
                        })
                .until(condition);
    }

    /** Waits for the end and answers the exit code. */
    int exitCode() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + err());
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** Says something on its standard input. */
    void say(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    /** STOP, CONT. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    }

    /** SIGTERM: to leave in order. */
    int terminate() {
        process.destroy();
        return exitCode();
    }

    /** SIGKILL: gone without a word. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    long pid() {
        return process.pid();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
