package io.tuli.handler;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Task;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handler of one service: verbs declared inline at once, on the loop that asks; all others
 * on a virtual thread each. Thread-safe.
 *
 * <p>Whatever a handler does - throws, overflows its stack, answers with what cannot be written -
 * fails its own call and nothing else. Handlers that run for long are reported, never stopped: an
 * answer that comes after the caller's deadline is still committed, and a repeat finds it.
 *
 * <p>At most {@code calls.in.flight} handlers run at once; beyond that, messages fail OVERLOADED.
 */
public final class HandlerRunner<T> implements AutoCloseable {
    /** For where time is not real: no handler is ever reported as slow. */
    public static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

    /** The shortest time a read on the loop may take, whatever is left of the deadline. */
    private static final Duration READ_MIN = Duration.ofSeconds(1);

    private final ServiceConfig<T> service;
    private final TurnRules<T> rules;
    private final HandlerHost host;
    private final HandlerReports reports;
    private final OwnedThreads threads;
    private static final Decision PASS = new Decision.Pass();

    private final int runningMax;
    private final Set<HandlerRun<T>> running = ConcurrentHashMap.newKeySet();

    /** Handlers that run longer than {@code slowAfter} are reported, once each. */
    public HandlerRunner(
            ServiceConfig<T> service,
            JsonCodec codec,
            Limits limits,
            Duration slowAfter,
            HandlerHost host) {
        this.service = service;
        this.rules = new TurnRules<>(service, codec, new JsonDocuments(), limits);
        this.host = host;
        this.reports = new HandlerReports(service.name(), slowAfter, host);
        this.runningMax = limits.callsInFlight();
        this.threads = new OwnedThreads("tuli-handler-" + service.name(), runningMax);
    }

    /**
     * Runs the handler for a task of a partition. Called on the partition's loop.
     *
     * @return its decision, or null when that will come through {@link HandlerHost#decided}
     */
    public @Nullable Decision decide(Task task) {
        Frame.Request request = task.request();
        Decision refusal = refusal(request.key(), request.body());
        if (refusal != null) {
            return refusal;
        }
        if (!service.hasHandler()) {
            return PASS;
        }
        Message message =
                message(
                        Message.received(
                                request.verb(),
                                request.key(),
                                request.body(),
                                request.id(),
                                request.headers(),
                                rules.codec()),
                        request.timeoutMillis());
        RunningTurn<T> turn =
                new RunningTurn<>(
                        rules,
                        RunningTurn.Scope.KEY,
                        request.key(),
                        service.isInline(request.verb()) ? null : task.document(),
                        readerOn(Thread.currentThread(), task));
        return run(
                new HandlerRun<>(
                        message,
                        turn,
                        request.partition(),
                        decision ->
                                host.decided(
                                        request.service(),
                                        request.partition(),
                                        task.number(),
                                        decision)));
    }

    /**
     * Runs the handler for a message to this member rather than to a key: it reads the replica and
     * changes nothing. Called on any loop; answers there at once where the verb is inline. A
     * handler that passes is passed on: there is no built-in verb for members.
     */
    public void ask(Frame.Ask ask, Task.Reader replica, Consumer<Decision> answer) {
        Decision refusal = refusal(ask.key(), ask.body());
        if (refusal != null) {
            answer.accept(refusal);
            return;
        }
        Message message =
                message(
                        Message.received(
                                ask.verb(),
                                ask.key(),
                                ask.body(),
                                ask.id(),
                                ask.headers(),
                                rules.codec()),
                        ask.timeoutMillis());
        RunningTurn<T> turn =
                new RunningTurn<>(rules, RunningTurn.Scope.MEMBER, ask.key(), null, replica);
        Decision decision = run(new HandlerRun<>(message, turn, HandlerRun.NO_PARTITION, answer));
        if (decision != null) {
            answer.accept(decision);
        }
    }

    /** Reports handlers that have become slow. To be called about every second. */
    public void watch(long nowNanos) {
        running.forEach(run -> reports.watch(run, nowNanos));
    }

    /** Handlers that have not decided yet. */
    public int running() {
        return running.size();
    }

    /** Ends all handlers, not waiting for long. */
    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }

    /**
     * Fails what still runs with CLOSED, and all messages from now on; interrupts the handlers and
     * waits for their threads to end.
     *
     * @return whether all threads have ended
     */
    public boolean close(Duration within) {
        threads.refuse();
        running.forEach(run -> run.give(closed()));
        running.clear();
        return threads.close(within);
    }

    private @Nullable Decision run(HandlerRun<T> run) {
        if (service.isInline(run.message().verb())) {
            perform(run);
            reports.ranInline(run, System.nanoTime());
            Decision decision = run.await();
            if (decision == null) {
                expect(run);
            }
            return decision;
        }
        running.add(run);
        run.await();
        if (threads.start(() -> perform(run)) == null) {
            running.remove(run);
            return threads.isClosed() ? closed() : overloaded();
        }
        return null;
    }

    /** An inline handler has answered with a stage: it may have completed meanwhile. */
    private void expect(HandlerRun<T> run) {
        running.add(run);
        if (run.isGiven()) {
            running.remove(run);
        }
    }

    private void perform(HandlerRun<T> run) {
        run.perform(service.handler(), reports, () -> running.remove(run));
    }

    /**
     * A stranger's bytes are checked before anything else sees them, the built-in verbs included.
     */
    private @Nullable Decision refusal(Key key, Payload body) {
        if (threads.isClosed()) {
            return closed();
        }
        if (running.size() >= runningMax) {
            return overloaded();
        }
        try {
            rules.codec().requireValid(key, body);
            return null;
        } catch (TuliException invalid) {
            return HandlerRun.failed(invalid);
        }
    }

    private Task.Reader readerOn(Thread loop, Task task) {
        Frame.Request request = task.request();
        Duration left = Duration.ofMillis(request.timeoutMillis());
        Duration within = left.compareTo(READ_MIN) < 0 ? READ_MIN : left;
        return key ->
                Thread.currentThread().equals(loop)
                        ? task.reader().read(key)
                        : host.onLoop(
                                request.service(),
                                request.partition(),
                                () -> task.reader().read(key),
                                within);
    }

    private static Message message(Message received, int timeoutMillis) {
        return timeoutMillis > 0 ? received.within(Duration.ofMillis(timeoutMillis)) : received;
    }

    private static Decision closed() {
        return new Decision.Fail(Failure.CLOSED, "the member is closing: ask again elsewhere");
    }

    private Decision overloaded() {
        return new Decision.Fail(
                Failure.OVERLOADED,
                "no more handlers than calls.in.flight may run at once: service="
                        + service.name()
                        + " calls.in.flight="
                        + runningMax);
    }
}
