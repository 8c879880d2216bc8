package io.tuli.agent;

import io.tuli.Outcome;
import io.tuli.check.WatchCheck.Seen;
import io.tuli.wiring.Shell;
import io.tuli.workload.Answer;
import io.tuli.workload.ChaosException;
import io.tuli.workload.ChaosRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An agent's process as the one that started it sees it. Thread-safe. One thread hears what the
 * agent says and ends with the process.
 */
public final class AgentProcess implements AutoCloseable {

    private static final int LOG_LINES_SHOWN = 8;

    private final int place;
    private final String name;
    private final Process process;
    private final Path log;
    private final Writer commands;
    private final AtomicLong asked = new AtomicLong();
    private final Map<Long, CompletableFuture<Answer>> calls = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<AgentReport>> reports = new ConcurrentHashMap<>();
    private final Map<Long, Dump> dumps = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger discards = new AtomicInteger();
    private volatile boolean isReady;
    private volatile boolean hasLeft;
    private volatile long seesMembers;

    private record Dump(Map<String, String> leaves, CompletableFuture<Map<String, String>> whole) {}

    private AgentProcess(int place, String name, Process process, Path log) {
        this.place = place;
        this.name = name;
        this.process = process;
        this.log = log;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a process; what it logs is appended to a file. */
    static AgentProcess start(int place, String name, List<String> command, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            AgentProcess agent = new AgentProcess(place, name, builder.start(), log);
            Thread.ofPlatform().daemon().name("hear-" + name).start(agent::hear);
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is in the network, and in the list of members. */
    public int place() {
        return place;
    }

    public String name() {
        return name;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    boolean isReady() {
        return isReady && process.isAlive();
    }

    /** How a process ended that has ended: its exit code and the end of its log. */
    String ending() {
        return name + " ended: exit code " + process.exitValue() + ", its log ends: " + logEnd();
    }

    private String logEnd() {
        try {
            List<String> lines = Files.readAllLines(log);
            int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
            return String.join(" / ", lines.subList(from, lines.size()));
        } catch (IOException unreadable) {
            return "(" + unreadable + ")";
        }
    }

    /** Whether it was killed or sent away. */
    public boolean hasLeft() {
        return hasLeft;
    }

    /** How many members it sees, itself included. */
    long seesMembers() {
        return seesMembers;
    }

    /** How often it told that a merge gave writes up. */
    int discards() {
        return discards.get();
    }

    /** What its feed told, in order. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    // ---- asking --------------------------------------------------------------------------------

    /** Has it make a call. */
    public CompletableFuture<Answer> call(ChaosRequest wanted) {
        long number = asked.incrementAndGet();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        calls.put(number, answer);
        tell(Agent.CALL, number, wanted.verb(), wanted.key(), wanted.body(), wanted.id());
        return answer;
    }

    /** What it knows; empty if it does not answer. */
    Optional<AgentReport> report(Duration within) {
        long number = asked.incrementAndGet();
        CompletableFuture<AgentReport> report = new CompletableFuture<>();
        reports.put(number, report);
        tell(Agent.REPORT, number);
        return await(report, within);
    }

    /** All values of its replica by their keys; empty if it does not answer. */
    public Optional<Map<String, String>> dump(Duration within) {
        long number = asked.incrementAndGet();
        Dump dump = new Dump(new ConcurrentHashMap<>(), new CompletableFuture<>());
        dumps.put(number, dump);
        tell(Agent.DUMP, number);
        return await(dump.whole, within);
    }

    private <T> Optional<T> await(CompletableFuture<T> future, Duration within) {
        try {
            return Optional.of(future.get(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private void tell(Object... words) {
        try {
            synchronized (commands) {
                commands.write(Words.of(words).line() + "\n");
                commands.flush();
            }
        } catch (IOException gone) {
            end();
        }
    }

    // ---- hearing -------------------------------------------------------------------------------

    private void hear() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                heard(Words.parse(line));
            }
        } catch (IOException e) {
            process.destroyForcibly();
        }
        end();
    }

    private void heard(Words words) {
        switch (words.first()) {
            case Agent.READY -> isReady = true;
            case Agent.ANSWER -> {
                CompletableFuture<Answer> call = calls.remove(words.number(1));
                if (call != null) {
                    Outcome outcome = Outcome.valueOf(words.text(2));
                    call.complete(new Answer(outcome, words.text(4), words.number(3)));
                }
            }
            case Agent.LEAF -> {
                Dump dump = dumps.get(words.number(1));
                if (dump != null) {
                    dump.leaves.put(words.text(2), words.text(3));
                }
            }
            case Agent.END -> ended(words);
            case Agent.SEEN ->
                    seen.add(new Seen.Value((int) words.number(1), words.text(2), words.number(3)));
            case Agent.RESET -> seen.add(new Seen.Reset((int) words.number(1)));
            case Agent.VIEW -> seesMembers = words.number(1);
            case Agent.EVENT -> discards.incrementAndGet();
            default -> throw new IllegalStateException("not understood: " + words);
        }
    }

    private void ended(Words words) {
        Dump dump = dumps.remove(words.number(1));
        CompletableFuture<AgentReport> report = reports.remove(words.number(1));
        if (dump != null) {
            dump.whole.complete(dump.leaves);
        } else if (report != null) {
            report.complete(AgentReport.parse(words));
        }
    }

    /** Nobody answers any more. */
    private void end() {
        ChaosException gone = new ChaosException(name + " is gone");
        calls.values().forEach(call -> call.complete(Answer.lost(name + " is gone")));
        reports.values().forEach(report -> report.completeExceptionally(gone));
        dumps.values().forEach(dump -> dump.whole.completeExceptionally(gone));
    }

    // ---- disturbing ----------------------------------------------------------------------------

    /** Kills it, as a machine that fails would: SIGKILL. */
    public void kill() {
        hasLeft = true;
        process.destroyForcibly();
    }

    /** Asks it to leave, as an operator would: SIGTERM. */
    public void terminate() {
        hasLeft = true;
        process.destroy();
    }

    /**
     * Stops it for a while: SIGSTOP, then SIGCONT. A shell does both, so that it goes on even if
     * this process ends meanwhile.
     */
    public void pause(Duration time) {
        String pid = Long.toString(process.pid());
        String seconds = "%d.%03d".formatted(time.toSeconds(), time.toMillisPart());
        Shell.start("kill -STOP " + pid + "; sleep " + seconds + "; kill -CONT " + pid);
    }

    /** Whether it ended in time. */
    public boolean hasEnded(Duration within) {
        try {
            return process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How it ended; only once it has. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Lets it end by itself: its input ends. */
    public void dismiss() {
        try {
            commands.close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
