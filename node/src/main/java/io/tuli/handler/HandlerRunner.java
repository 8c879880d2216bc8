package io.tuli.handler;

import io.tuli.Caller;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.Turn;
import io.tuli.arrival.ArrivedCaller;
import io.tuli.arrival.KnownVerbs;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.protocol.Thrown;
import io.tuli.store.StateRecords;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

    private static final Decision DECLINE = new Decision.Decline();

    /** Another member's own code. */
    private static final Caller REMOTE =
            Caller.arrived(new ArrivedCaller(Caller.MESH.provider(), "", new byte[0], true));

    private final ServiceConfig<T> service;
    private final TurnRules<T> rules;
    private final HandlerHost host;
    private final CarriedTrace traces;
    private final HandlerReports reports;
    private final OwnedThreads threads;
    private final int runningMax;
    private final AskDesk desk;
    private final Set<HandlerRun<T>> running = ConcurrentHashMap.newKeySet();
    private volatile Duration latestWithin = Duration.ZERO;

    /** Handlers that run longer than {@code slowAfter} are reported, once each. */
    @SuppressWarnings("this-escape") // the desk calls nothing back before it is asked
    public HandlerRunner(
            ServiceConfig<T> service,
            JsonCodec codec,
            Limits limits,
            Duration slowAfter,
            HandlerHost host) {
        this.service = service;
        this.rules = new TurnRules<>(service, codec, new JsonDocuments(), limits);
        this.host = host;
        this.traces = host.traces();
        this.reports = new HandlerReports(service.name(), slowAfter, host);
        this.runningMax = limits.callsInFlight();
        this.desk =
                new AskDesk(
                        this::ask,
                        service.name(),
                        new AskDesk.Intaking(
                                ServiceSpec.numberOf(service.name()),
                                service.capacity(),
                                service.queue(),
                                service.description().version()),
                        host);
        this.threads = new OwnedThreads("tuli-handler-" + service.name(), runningMax);
    }

    /** Before it runs: the replica in which turns find records. */
    public void reads(StateRecords records) {
        rules.replica().set(records);
    }

    /**
     * Runs the handler for a task of a partition. Called on the partition's loop.
     *
     * @return its decision, or null when that will come through {@link HandlerHost#decided}
     */
    public @Nullable Decision decide(Task task) {
        Frame.Request request = task.request();
        Decision refusal = refusal(request.verb(), request.key(), request.body());
        if (refusal != null) {
            return refusal;
        }
        if (!service.hasHandler()) {
            return Decision.Pass.PASS;
        }
        boolean isInline = service.isInline(request.verb());
        JsonMessage asked =
                new JsonMessage(
                        request.key(),
                        request.id(),
                        within(request.timeoutMillis()),
                        request.headers(),
                        request.body(),
                        caller(request.extensions(), task.isRemote()),
                        rules.codec());
        Message message = Message.of(request.verb(), asked);
        RunningTurn<T> turn =
                new RunningTurn<>(
                        rules,
                        service.isRead(request.verb())
                                ? RunningTurn.Scope.READING
                                : RunningTurn.Scope.KEY,
                        asked,
                        isInline ? null : task.document(),
                        new TaskReader(task, host, Thread.currentThread()));
        Supplier<HandlerRun<T>> run =
                () ->
                        new HandlerRun<>(
                                message,
                                turn,
                                request.partition(),
                                decision ->
                                        host.decided(
                                                request.service(),
                                                request.partition(),
                                                task.number(),
                                                decision));
        return isInline ? inline(message, turn, run) : spawned(run.get());
    }

    /** Where messages to this member rather than to a key come in. */
    public AskDesk desk() {
        return desk;
    }

    /**
     * Runs the handler for a message to this member rather than to a key: it reads the replica and
     * changes nothing. Answers at once where the verb is inline. A handler that passes is passed
     * on: there is no built-in verb for members.
     *
     * @param isRemote whether it has come from another member
     * @param isCancelled whether its caller has given it up
     * @return why the handler was not begun; null if it was: then {@code answer} gets its decision
     */
    @Nullable Decision ask(
            Frame.Ask ask,
            boolean isRemote,
            Task.Reader replica,
            BooleanSupplier isCancelled,
            Consumer<Decision> answer) {
        Decision refusal = refusal(ask.verb(), ask.key(), ask.body());
        if (refusal == null && service.handler() instanceof KnownVerbs known) {
            String whyNot = known.whyNot(ask.verb());
            refusal = whyNot == null ? null : notKnown(whyNot);
        }
        if (refusal != null) {
            return refusal;
        }
        JsonMessage asked =
                new JsonMessage(
                        ask.key(),
                        ask.id(),
                        within(ask.timeoutMillis()),
                        ask.headers(),
                        ask.body(),
                        caller(ask.extensions(), isRemote),
                        rules.codec());
        Message message = Message.of(ask.verb(), asked);
        RunningTurn<T> turn =
                new RunningTurn<>(rules, RunningTurn.Scope.MEMBER, asked, null, replica);
        turn.cancelledWhere(isCancelled);
        Supplier<HandlerRun<T>> run =
                () -> new HandlerRun<>(message, turn, HandlerRun.NO_PARTITION, answer);
        if (!service.isInline(ask.verb())) {
            return spawned(run.get());
        }
        long begun = System.nanoTime();
        Decision decision = inline(message, turn, run);
        reports.heldUp(ask.verb(), System.nanoTime() - begun);
        if (decision != null) {
            answer.accept(decision);
        }
        return null;
    }

    /** What is around the handler of one tunnel, on its thread. */
    public interface TunnelRun {

        /** Its end of the tunnel; null where that is over already. */
        @Nullable Tunnel begin();

        /**
         * The handler has returned, or was not begun; told once, as the last.
         *
         * @param failed why it did not return; null where it did
         */
        void end(Decision.@Nullable Fail failed);
    }

    /**
     * Runs the handler of a tunnel, on a thread of its own.
     *
     * @param lasts as long as the tunnel does at most
     * @return why it was not begun; null where it was
     */
    public @Nullable Decision tunnel(
            Frame.Ask ask, boolean isRemote, Duration lasts, TunnelRun run) {
        Decision refusal = refusal(ask.verb(), ask.key(), ask.body());
        if (refusal != null) {
            return refusal;
        }
        Tunnel.Handler handler = service.tunnelHandler().orElse(null);
        if (handler == null) {
            return notKnown("405 method not allowed: it takes no tunnels: " + service.name());
        }
        JsonMessage asked =
                new JsonMessage(
                        ask.key(),
                        ask.id(),
                        lasts,
                        ask.headers(),
                        ask.body(),
                        caller(ask.extensions(), isRemote),
                        rules.codec());
        Message message = Message.of(ask.verb(), asked);
        if (threads.start(() -> tunnel(handler, message, run)) == null) {
            return threads.isClosed() ? DECLINE : overloaded();
        }
        return null;
    }

    private void tunnel(Tunnel.Handler handler, Message message, TunnelRun run) {
        Decision.Fail failed = null;
        try {
            Tunnel tunnel = run.begin();
            if (tunnel != null) {
                traces.handling(
                        message.headers(),
                        () -> {
                            handler.handle(message, tunnel);
                            return tunnel;
                        });
            }
        } catch (TuliException refusal) {
            failed = HandlerRun.failed(refusal, rules.codec());
        } catch (Throwable thrown) {
            // Whatever a handler throws, an Error included, is its own tunnel's failure (B11).
            reports.failed(message, thrown);
            failed = new Decision.Fail(Failure.HANDLER_FAILED, Thrown.text(thrown));
        } finally {
            run.end(failed);
        }
    }

    private static Caller caller(Extensions extensions, boolean isRemote) {
        Caller said = extensions.caller();
        if (said != null) {
            return said;
        }
        return isRemote ? REMOTE : Caller.MESH;
    }

    /** Inline handlers, the last of this verb, have held up their loop for so long, together. */
    public void heldUp(String verb, long nanos) {
        if (service.hasHandler() && service.isInline(verb)) {
            reports.heldUp(verb, nanos);
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
     * Declines what still runs, and all messages from now on: they are for who owns the partition
     * next. Interrupts the handlers and waits for their threads to end.
     *
     * @return whether all threads have ended
     */
    public boolean close(Duration within) {
        end();
        return hasEnded(System.nanoTime() + Durations.nanos(within));
    }

    /** The same, and waits for nothing. */
    public void end() {
        threads.refuse();
        running.forEach(run -> run.give(DECLINE));
        running.clear();
        threads.interrupt();
    }

    /** Waits for the threads until a moment of {@link System#nanoTime}; whether all have ended. */
    public boolean hasEnded(long deadlineNanos) {
        return threads.hasEnded(deadlineNanos);
    }

    /**
     * Runs the handler here. Mostly it answers with a value, and that is all: a run of its own is
     * made where it does not.
     */
    private @Nullable Decision inline(
            Message message, RunningTurn<T> turn, Supplier<HandlerRun<T>> runOf) {
        Object answer;
        boolean wasInterrupted = Thread.currentThread().isInterrupted();
        try {
            answer = handled(message, turn);
        } catch (Throwable thrown) {
            // Whatever a handler throws, an Error included, is its own call's failure (B11).
            turn.abandon();
            return runOf.get().failed(thrown, reports);
        } finally {
            // The thread is the loop's: who runs on it next must not find it interrupted.
            boolean unused = !wasInterrupted && Thread.interrupted();
        }
        if (answer instanceof CompletionStage<?> stage) {
            HandlerRun<T> run = runOf.get();
            run.follow(stage, reports, () -> running.remove(run));
            Decision decision = run.await();
            if (decision == null) {
                expect(run);
            }
            return decision;
        }
        try {
            return turn.end(answer);
        } catch (Throwable unwritable) {
            return runOf.get().refused(unwritable, reports);
        }
    }

    private @Nullable Object handled(Message message, Turn<T> turn) throws Exception {
        return CarriedTrace.isIn(message.headers())
                ? traces.handling(message.headers(), () -> service.handler().handle(message, turn))
                : service.handler().handle(message, turn);
    }

    private @Nullable Decision spawned(HandlerRun<T> run) {
        running.add(run);
        run.await();
        Runnable onEnd = () -> running.remove(run);
        if (threads.start(() -> run.perform(this::handled, reports, onEnd)) == null) {
            running.remove(run);
            return threads.isClosed() ? DECLINE : overloaded();
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

    /**
     * A stranger's bytes are checked before anything else sees them, the built-in verbs included.
     */
    private @Nullable Decision refusal(String verb, Key key, Payload body) {
        if (threads.isClosed()) {
            return DECLINE;
        }
        if (running.size() >= runningMax) {
            return overloaded();
        }
        if (verb.isBlank()) {
            return new Decision.Fail(Failure.BAD_REQUEST, "a verb is not blank: \"" + verb + "\"");
        }
        try {
            rules.codec().requireValid(key, body);
            return null;
        } catch (TuliException invalid) {
            return HandlerRun.failed(invalid, rules.codec());
        }
    }

    /** Messages that come together mostly have as much time left as each other. */
    private Duration within(int timeoutMillis) {
        int millis = Math.max(1, timeoutMillis);
        Duration known = latestWithin;
        if (known.toMillis() != millis) {
            known = Duration.ofMillis(millis);
            latestWithin = known;
        }
        return known;
    }

    private static Decision notKnown(String why) {
        return new Decision.Fail(Failure.METHOD_NOT_ALLOWED, why);
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
