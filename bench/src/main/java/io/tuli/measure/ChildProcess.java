package io.tuli.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@link Child} as the one that started it sees it. Used by one thread. */
public final class ChildProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int ANSWERS_MAX = 16;
    private static final int JDK_THAT_WARNS_OF_UNSAFE = 24;
    private static final int LAST_LINES = 3;
    private static final int LAST_WORDS_MAX = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A killed process is gone in a moment, unless the machine is out of breath. */
    private static final Duration END = Duration.ofSeconds(10);

    private final String name;
    private final Path log;
    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(ANSWERS_MAX);

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts it.
     *
     * @param name for people, and of its log
     * @param command which becomes a child that listens
     * @param logs directory of its log
     */
    public static ChildProcess start(String name, List<String> command, Path logs) {
        Path log = logs.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            ChildProcess child = new ChildProcess(name, log, builder.start());
            Thread.ofPlatform().daemon().name("hear-" + name).start(child::hear);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that runs a main class in a JVM like this one. */
    public static List<String> jvm(String main, String classPath, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(quiet());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main));
        return command;
    }

    /** The flags that keep a JVM of this JDK from warning of what Netty does. */
    static List<String> quiet() {
        List<String> flags = new ArrayList<>();
        flags.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= JDK_THAT_WARNS_OF_UNSAFE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    private void hear() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(Child.ANSWER)) {
                    answers.put(line.substring(Child.ANSWER.length()));
                }
            }
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Asks, and waits for the answer. */
    public JsonNode ask(String command, Words words, Duration within) {
        tell(command, words);
        return answer(command, within);
    }

    /** Asks without waiting; {@link #answer} then waits. */
    public void tell(String command, Words words) {
        try {
            commands.write(command + " " + words.line() + "\n");
            commands.flush();
        } catch (IOException e) {
            throw failed("ended before it was told to " + command);
        }
    }

    public JsonNode answer(String command, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                String line = answers.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    return checked(command, JSON.readTree(line));
                }
                if (!process.isAlive() && answers.isEmpty()) {
                    throw failed("ended while it was to " + command);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was given up while it was to " + command);
        }
        throw failed("did not " + command + " within " + within.toSeconds() + " s");
    }

    private JsonNode checked(String command, JsonNode answer) {
        if (answer.has(Child.ERROR)) {
            throw failed("could not " + command + ": " + answer.get(Child.ERROR).asString());
        }
        return answer;
    }

    private IllegalStateException failed(String how) {
        return new IllegalStateException(name + " " + how + lastWords());
    }

    /** The end of its log: the log itself may be deleted before somebody looks for it. */
    private String lastWords() {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> all =
                    lines.map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("at "))
                            .toList();
            List<String> last = all.subList(Math.max(0, all.size() - LAST_LINES), all.size());
            String words = String.join(" / ", last);
            return words.isEmpty()
                    ? "; its log is empty"
                    : "; its log ends: "
                            + words.substring(0, Math.min(words.length(), LAST_WORDS_MAX));
        } catch (IOException | UncheckedIOException unreadable) {
            return "; it has no log";
        }
    }

    /** Kills it, as a machine that fails would. */
    public void kill() {
        if (!isGone()) {
            throw failed("was killed and did not end within " + END.toSeconds() + " s");
        }
    }

    private boolean isGone() {
        process.destroyForcibly();
        try {
            return process.waitFor(END.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it, kindly at first. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** As {@link #close()}, of one that may take so long over its end. */
    public void close(Duration patience) {
        try {
            commands.close();
            if (process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (IOException e) {
            // It has ended already, or does not read: the end below is for both.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        isGone(); // and if not, nothing more can be done
    }
}
