package io.tuli.bench;

import io.tuli.run.BenchException;
import io.tuli.run.Launcher;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Times commands of the operator's terminal as a user would see them: the whole process. */
final class Terminal {

    private static final Duration COMMAND_MAX = Duration.ofMinutes(1);
    private static final String SERVICE = "users";

    private final Options options;
    private final Path logs;
    private final Path launcher =
            Path.of(System.getProperty("bench.home", "bench"), "..", "tuli").normalize();
    private final String mesh = "bench-" + UUID.randomUUID();

    Terminal(Options options, Path logs) {
        this.options = options;
        this.logs = logs;
    }

    /** A server until it is ready; then one command, again and again. */
    void run(Report report) {
        if (!Files.isExecutable(launcher)) {
            report.say("./tuli get is not timed: there is no launcher " + launcher);
            return;
        }
        long began = System.nanoTime();
        Process server = begin(Launcher.onServer(options, launch("serve", SERVICE, "--json")));
        try {
            awaitReady(server);
            say(report, "serve users", List.of((double) (System.nanoTime() - began)));
            nanos("set", SERVICE, "28", "Ann");
            List<Double> nanos = new ArrayList<>();
            for (int i = 0; i < options.number("rounds"); i++) {
                nanos.add(nanos("get", SERVICE, "28"));
            }
            say(report, "get users 28", nanos);
        } finally {
            Launcher.end(server);
        }
    }

    private static void say(Report report, String command, List<Double> nanos) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", "startup");
        facts.put("who", "`./tuli " + command + "`");
        facts.put("starts", nanos.size());
        facts.put("joinMillis", StartUp.none());
        facts.put("usableMillis", StartUp.none());
        facts.put("processMillis", StartUp.millis(Measured.median(nanos, each -> each)));
        double longest = nanos.stream().mapToDouble(each -> each).max().orElseThrow();
        facts.put("processMaxMillis", StartUp.millis(longest));
        report.result(facts);
    }

    private List<String> launch(String... words) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--mesh", mesh));
        return command;
    }

    private Process begin(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(
                ProcessBuilder.Redirect.appendTo(logs.resolve("terminal.log").toFile()));
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one line that a server prints. The launcher becomes the JVM, so its end is the JVM's. */
    private static void awaitReady(Process server) {
        try {
            String line = firstLine(server);
            if (line == null || !line.contains("\"ready\":true")) {
                throw new BenchException("a server must say that it is ready, not " + line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Nobody reads with a deadline: a process that prints nothing is ended, and so is its output.
     */
    private static @Nullable String firstLine(Process process) throws IOException {
        Timer timer = new Timer("bench-deadline", true);
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        process.destroyForcibly();
                    }
                },
                COMMAND_MAX.toMillis());
        try {
            return process.inputReader(StandardCharsets.UTF_8).readLine();
        } finally {
            timer.cancel();
        }
    }

    private double nanos(String... words) {
        long began = System.nanoTime();
        Process process = begin(Launcher.onClient(options, launch(words)));
        try {
            String printed = firstLine(process);
            if (!process.waitFor(COMMAND_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException("a command takes more than a minute");
            }
            double nanos = System.nanoTime() - began;
            if (process.exitValue() != 0 || printed == null || !printed.contains("Ann")) {
                throw new BenchException("a command must do what it says, not print " + printed);
            }
            return nanos;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        } finally {
            process.destroyForcibly();
        }
    }
}
