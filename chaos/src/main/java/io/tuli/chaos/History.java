package io.tuli.chaos;

import io.tuli.Outcome;
import io.tuli.check.Span;
import io.tuli.workload.Answer;
import io.tuli.workload.ChaosRequest;
import io.tuli.workload.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that was asked and answered, in memory and as lines of JSON in a file: what is begun
 * is written before it is sent, what has ended after the answer has come. Thread-safe.
 */
final class History implements AutoCloseable {

    private final Path directory;
    private final Path file;
    private final BufferedWriter lines;
    private final long startNanos = System.nanoTime();
    private final List<Operation> ended = new ArrayList<>();
    private final Map<Outcome, Long> counts = new LinkedHashMap<>();
    private long numbers;

    History(Path directory) throws IOException {
        this.directory = directory;
        this.file = directory.resolve("history.jsonl");
        this.lines = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    /** Where it is, and the logs of the processes with it. */
    Path directory() {
        return directory;
    }

    Path file() {
        return file;
    }

    /** The moment on the clock of the history. */
    long nowNanos() {
        return System.nanoTime() - startNanos;
    }

    /** A request that is now begun. */
    record Begun(long number, String writer, ChaosRequest asked, long atNanos) {}

    synchronized Begun begin(String writer, ChaosRequest asked) {
        Begun begun = new Begun(++numbers, writer, asked, nowNanos());
        Map<String, Object> line = line(begun.atNanos, "invoke");
        line.put("i", begun.number);
        line.put("process", writer);
        line.put("f", asked.verb());
        line.put("key", asked.key());
        line.put("value", asked.body());
        if (!asked.id().isEmpty()) {
            line.put("id", asked.id());
        }
        write(line);
        return begun;
    }

    synchronized Operation end(Begun begun, Answer answer) {
        Span span = new Span(begun.atNanos, nowNanos(), answer.outcome());
        Operation operation = new Operation(begun.number, begun.writer, begun.asked, answer, span);
        ended.add(operation);
        counts.merge(answer.outcome(), 1L, Long::sum);
        String type =
                switch (answer.outcome()) {
                    case OK -> "ok";
                    case FAILED -> "fail";
                    case UNKNOWN -> "info";
                };
        Map<String, Object> line = line(span.endedNanos(), type);
        line.put("i", begun.number);
        line.put("process", begun.writer);
        line.put(answer.outcome() == Outcome.OK ? "value" : "err", answer.text());
        write(line);
        return operation;
    }

    /** Something else that happened. */
    synchronized void note(String type, String text) {
        Map<String, Object> line = line(nowNanos(), type);
        line.put("text", text);
        write(line);
    }

    private static Map<String, Object> line(long nanos, String type) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("t", nanos);
        line.put("type", type);
        return line;
    }

    private void write(Map<String, Object> line) {
        try {
            lines.write(Json.of(line) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized long count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** All that has ended, in that order. */
    synchronized List<Operation> operations() {
        return List.copyOf(ended);
    }

    @Override
    public synchronized void close() throws IOException {
        lines.close();
    }
}
