package io.tuli.handler;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ask.Intake;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where messages to a member come in for one service that it serves: {@link Intake} says which run,
 * the service's handler is run, and their answers leave from here. Any thread; one at a time is in
 * the intake, and nothing of users' code or of a link is called meanwhile.
 */
public final class AskDesk {

    /** What one server refuses a message with that another may take. */
    private static final Set<Failure> OTHERS_MAY =
            Set.of(Failure.OVERLOADED, Failure.METHOD_NOT_ALLOWED);

    /** Stands for: it is not waited for here any more. */
    private static final Decision LOOKED = Decision.Pass.PASS;

    /** As long as an ask may be under way from who has not heard yet that the member leaves. */
    private static final long QUIET_NANOS = 50_000_000L;

    private final Runner runner;
    private final String service;
    private final HandlerHost host;
    private final Object lock = new Object();
    private final Intake intake;

    /** What the intake says, until it is let go. */
    private List<Said> said = List.of();

    private volatile boolean hasBeenAsked;
    private volatile long latestNanos;

    private record Said(MemberId to, Frame frame) {}

    /** Runs the handler. */
    @FunctionalInterface
    interface Runner {

        /**
         * Runs it for a message; on this thread, where its verb is inline.
         *
         * @param isRemote whether it has come from another member
         * @param isCancelled whether its caller has given it up
         * @return why it was not begun; null if it was: then {@code answer} gets its decision
         */
        @Nullable Decision run(
                Frame.Ask ask,
                boolean isRemote,
                Task.Reader replica,
                BooleanSupplier isCancelled,
                Consumer<Decision> answer);
    }

    /** What the desk needs of its member. Every method returns at once, on any thread. */
    public interface Port {

        void send(MemberId to, Frame frame);

        /** Whether it is another member. */
        boolean isRemote(MemberId member);

        /**
         * A tunnel is to begin.
         *
         * @return why it does not; null where it does: then its place is left once
         */
        @Nullable Decision tunnel(MemberId from, Frame.Ask ask, Place place);

        /** The items of what was answered before. */
        void stream(MemberId to, long call, Decision.Stream stream);

        void emit(Decision.Emitted emitted, RequestId id);

        /**
         * The document at a top-level key of the replica; {@link Payload#NONE} if there is none.
         */
        Payload document(String topLevelKey);
    }

    /** What a tunnel takes of the capacity. Every method returns at once, on any thread. */
    public interface Place {

        /** Whether who opens it has given it up. */
        boolean isCancelled();

        /** Tells that it is open: before anything is said through it. */
        void opened();

        /** It is over: another may be run. */
        void left();
    }

    AskDesk(Runner runner, String service, Intaking intaking, HandlerHost host) {
        this.runner = runner;
        this.service = service;
        this.host = host;
        this.intake =
                new Intake(
                        intaking.number(),
                        intaking.capacity(),
                        intaking.queue(),
                        intaking.version(),
                        this::say);
    }

    /** What is taken in, and how much. */
    record Intaking(int number, int capacity, int queue, String version) {}

    /** Under the lock. */
    private void say(MemberId to, Frame frame) {
        if (said.isEmpty()) {
            said = new ArrayList<>(2);
        }
        said.add(new Said(to, frame));
    }

    /** What is done in the intake; where something ends, what is to be run next. */
    private interface Step {
        Intake.@Nullable Job in(Intake intake, long now);
    }

    /** Does it, and then says what the intake has to say. */
    private Intake.@Nullable Job with(Port port, Step step) {
        Intake.Job next;
        List<Said> toSay;
        synchronized (lock) {
            next = step.in(intake, host.nanoTime());
            toSay = said;
            said = List.of();
        }
        for (int i = 0; i < toSay.size(); i++) {
            port.send(toSay.get(i).to(), toSay.get(i).frame());
        }
        return next;
    }

    // ---- what comes ----------------------------------------------------------------------------

    /**
     * Somebody asks: it is run, now or later, or refused. On the loop that heard it.
     *
     * @param most how many one of its kind may have open here
     */
    public void asked(MemberId from, Frame.Ask ask, int most, Port port) {
        latestNanos = host.nanoTime();
        hasBeenAsked = true;
        Intake.Job job =
                with(
                        port,
                        (in, now) ->
                                in.asked(from, ask, most, now) ? new Intake.Job(from, ask) : null);
        if (job != null) {
            run(job, port);
        }
    }

    /** The caller gave it up. */
    public void cancelled(MemberId from, long call, Port port) {
        change(port, (in, now) -> in.cancelled(from, call, now));
    }

    /** There is no link to the member any more. */
    public void linkDown(MemberId member, Port port) {
        change(port, (in, now) -> in.linkDown(member, now));
    }

    /** Time has passed. Come every 20 ms or so. */
    public void tick(Port port) {
        change(port, Intake::tick);
    }

    /** Takes no more; what runs goes on. */
    public void close(Port port) {
        change(port, (in, now) -> in.close());
    }

    private void change(Port port, ObjLongConsumer<Intake> change) {
        with(
                port,
                (in, now) -> {
                    change.accept(in, now);
                    return null;
                });
    }

    /** Whether nothing runs, and nobody has asked for a moment: who still asks is told so. */
    public boolean isQuiet() {
        boolean isLate = hasBeenAsked && host.nanoTime() - latestNanos < QUIET_NANOS;
        return !isLate && running() == 0;
    }

    /** How many run. */
    public int running() {
        synchronized (lock) {
            return intake.running();
        }
    }

    /** How many wait. */
    public int waiting() {
        synchronized (lock) {
            return intake.waiting();
        }
    }

    // ---- what runs -----------------------------------------------------------------------------

    /**
     * Runs one after the other as long as they are decided at once, and not one within the other:
     * many may wait.
     */
    private void run(Intake.Job first, Port port) {
        for (Intake.Job job = first; job != null; ) {
            Intake.Job now = job;
            AtomicReference<@Nullable Decision> early = new AtomicReference<>();
            if (now.ask().extensions().opening() != null) {
                Decision refused = port.tunnel(now.from(), now.ask(), new Held(now, port));
                job = refused == null ? null : notBegun(now, refused, port);
                continue;
            }
            Decision refusal =
                    runner.run(
                            now.ask(),
                            port.isRemote(now.from()),
                            port::document,
                            () -> isCancelled(now),
                            decision -> {
                                if (early.compareAndExchange(null, decision) != null) {
                                    late(now, decision, port);
                                }
                            });
            if (refusal == null) {
                Decision decision = early.compareAndExchange(null, LOOKED);
                job = decision == null ? null : decided(now, decision, port);
            } else {
                job = notBegun(now, refusal, port);
            }
        }
    }

    /** Nobody waits for it in {@link #run} any more. */
    private void late(Intake.Job job, Decision decision, Port port) {
        Intake.Job next = decided(job, decision, port);
        if (next != null) {
            run(next, port);
        }
    }

    /** Of a tunnel that has begun, or is about to. */
    private final class Held implements Place {
        private final Intake.Job job;
        private final Port port;

        Held(Intake.Job job, Port port) {
            this.job = job;
            this.port = port;
        }

        @Override
        public boolean isCancelled() {
            return AskDesk.this.isCancelled(job);
        }

        @Override
        public void opened() {
            Frame.Result result = ok(job.ask(), true, Payload.NONE);
            with(
                    port,
                    (in, now) -> {
                        in.opened(job.from(), job.ask(), result);
                        return null;
                    });
        }

        @Override
        public void left() {
            Intake.Job next = with(port, (in, now) -> in.left(job.from(), job.ask(), now));
            if (next != null) {
                run(next, port);
            }
        }
    }

    private boolean isCancelled(Intake.Job job) {
        synchronized (lock) {
            return intake.isCancelled(job.from(), job.ask());
        }
    }

    /** Others may take what this member has no room or no time for, or does not know. */
    private Intake.@Nullable Job notBegun(Intake.Job job, Decision refusal, Port port) {
        Frame.Ask ask = job.ask();
        if (refusal instanceof Decision.Fail fail && !OTHERS_MAY.contains(fail.failure())) {
            return end(job, failed(ask, Outcome.FAILED, fail), port);
        }
        Frame.Unseen unseen =
                refusal instanceof Decision.Fail fail
                        ? new Frame.Unseen(ask.call(), fail.failure(), fail.detail())
                        : new Frame.Unseen(ask.call(), Failure.CLOSED, "the member is closing");
        return unseen(job, unseen, port);
    }

    private Intake.@Nullable Job unseen(Intake.Job job, Frame.Unseen unseen, Port port) {
        return with(port, (in, now) -> in.unseen(job.from(), job.ask(), unseen, now));
    }

    private Intake.@Nullable Job end(Intake.Job job, Frame.Result result, Port port) {
        return with(port, (in, now) -> in.answered(job.from(), job.ask(), result, now));
    }

    /** What is to be run next; null if nothing. */
    private Intake.@Nullable Job decided(Intake.Job job, Decision decision, Port port) {
        Frame.Ask ask = job.ask();
        return switch (decision) {
            case Decision.Done done -> done(job, done, port);
            case Decision.Fail fail -> {
                Outcome outcome = fail.isUnknown() ? Outcome.UNKNOWN : Outcome.FAILED;
                yield end(job, failed(ask, outcome, fail), port);
            }
            case Decision.Decline decline ->
                    end(
                            job,
                            failed(
                                    ask,
                                    Outcome.UNKNOWN,
                                    new Decision.Fail(
                                            Failure.CLOSED,
                                            "the member closed while the handler ran")),
                            port);
            case Decision.Pass pass ->
                    unseen(
                            job,
                            new Frame.Unseen(
                                    ask.call(),
                                    Failure.METHOD_NOT_ALLOWED,
                                    "405 method not allowed: the handler passed on verb "
                                            + ask.verb()),
                            port);
        };
    }

    private Intake.@Nullable Job done(Intake.Job job, Decision.Done done, Port port) {
        Frame.Ask ask = job.ask();
        Decision.Stream stream = done.stream();
        Intake.Job next = end(job, ok(ask, stream != null, done.reply()), port);
        if (stream != null) {
            port.stream(job.from(), ask.call(), stream);
        }
        for (int i = 0; i < done.emitted().size(); i++) {
            port.emit(done.emitted().get(i), identity(job.from(), ask, i));
        }
        return next;
    }

    /** The same wherever a repeat runs, so that its target executes it once. */
    private RequestId identity(MemberId from, Frame.Ask ask, int index) {
        return Reserved.ofTurn(service + "/" + from + "/" + ask.id() + "/" + index);
    }

    private static Frame.Result ok(Frame.Ask ask, boolean streams, Payload reply) {
        return new Frame.Result(
                ask.call(), Outcome.OK, null, "", LogPosition.START, 0, streams, reply);
    }

    private static Frame.Result failed(Frame.Ask ask, Outcome outcome, Decision.Fail why) {
        return new Frame.Result(
                ask.call(),
                outcome,
                why.failure(),
                why.detail(),
                LogPosition.START,
                0,
                false,
                why.body());
    }
}
