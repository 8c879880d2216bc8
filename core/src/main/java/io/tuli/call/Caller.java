package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Servers;
import io.tuli.protocol.TunnelFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls one loop has made and that have not ended. Pure and single-threaded: its loop gives it
 * what happens and the time.
 *
 * <p>A call goes to the owner of the latest epoch known - from the local replica or from a redirect
 * - or else to the ring's; where there is none, or no way to it, it waits. A repeat carries the
 * same id, so whoever owns the partition recognises it; a call that may not be repeated ends
 * UNKNOWN when the link is lost that it was sent on. Each ends by its deadline: UNKNOWN if it was
 * ever sent, FAILED if not. Refused for want of room or time, a call that was sent more than once
 * ends UNKNOWN, too: whoever refused it did not look what became of it before. So does one whose
 * repeat would come, or comes, too late to be recognised.
 *
 * <p>An OK is held back until the local replica shows the write. The transitions are those of
 * {@link Outgoing.Phase}.
 */
public final class Caller {

    /** Calls redirected so often are sent on at once; then each waits a little before the next. */
    private static final int QUICK_REDIRECTS = 2;

    private static final long MILLI = 1_000_000;
    private static final long LOOK_AGAIN_NANOS = 100 * MILLI;
    private static final long BACK_OFF_NANOS = 5 * MILLI;
    private static final int BACK_OFF_DOUBLINGS = 5;

    private final Routes routes;
    private final long repeatedMostNanos;
    private final CallTable calls;
    private final OwnerRoutes owners;
    private final BalancedCalls balanced;
    private List<Outgoing> waiting = new ArrayList<>();
    private List<Outgoing> spare = new ArrayList<>();
    private final List<Outgoing> settling = new ArrayList<>();
    private long earliestDeadline = Long.MAX_VALUE;

    /**
     * @param loop low bits of the numbers of this caller's calls
     * @param dedupWindow how long owners remember what they executed; a call is repeated for half
     *     of that, for clocks differ
     */
    public Caller(int loop, Routes routes, Duration dedupWindow) {
        this.calls = new CallTable(loop);
        this.routes = routes;
        this.owners = new OwnerRoutes(routes);
        this.balanced = new BalancedCalls(this, routes);
        this.repeatedMostNanos = Durations.nanos(dedupWindow) / 2;
    }

    /** The loop that made the call of that number. */
    public static int loopOf(long call) {
        return (int) call & ((1 << CallTable.LOOP_BITS) - 1);
    }

    /** Calls that have not ended. */
    public int inFlight() {
        return calls.size();
    }

    /** Those of one service. */
    public int inFlight(int service) {
        return calls.count(service);
    }

    /** Sends the call, now or when there is a way. */
    public void start(Outgoing call, long nowNanos) {
        call.number = calls.add(call);
        long deadline = call.spec().deadlineNanos();
        if (deadline - nowNanos <= 0) {
            fail(call, Outcome.FAILED, Failure.TIMEOUT, "the deadline passed before it was sent");
            return;
        }
        earliestDeadline = Math.min(earliestDeadline, deadline);
        call.recognisedSinceNanos = nowNanos;
        sendOrWait(call, nowNanos);
    }

    // ---- what comes back -----------------------------------------------------------------------

    /** The owner has taken these into its queue. */
    public void accepted(MemberId from, long[] numbers) {
        for (long number : numbers) {
            Outgoing call = awaited(from, number);
            if (call != null) {
                call.onAccepted();
            }
        }
    }

    /** An answer of any kind. One that nobody waits for any more is ignored. */
    public void answered(MemberId from, Frame.OfCall answer, long nowNanos) {
        if (answer instanceof Frame.Room room) {
            balanced.room(from, room, nowNanos);
            return;
        }
        Outgoing call = awaited(from, answer.call());
        if (call == null) {
            if (answer instanceof Frame.Item item) {
                routes.send(from, new Frame.Cancel(item.call()));
            }
            return;
        }
        switch (answer) {
            case Frame.Result result -> result(call, result, nowNanos);
            case Frame.Room room -> {}
            case Frame.Unseen refusal -> {
                if (call.phase == Outgoing.Phase.SENT && call.isAsk()) {
                    balanced.unseen(call, refusal, from, nowNanos);
                }
            }
            case Frame.Redirect redirect -> redirected(call, redirect, nowNanos);
            case Frame.Item item -> {
                if (call.phase == Outgoing.Phase.STREAMING) {
                    call.onItem(item.index(), item.body());
                }
            }
            case Frame.End end -> end(call, end);
        }
    }

    /** What comes through a tunnel; who sends into one that nobody has any more is told so. */
    public void tunnelled(MemberId from, TunnelFrame frame) {
        Outgoing call = awaited(from, frame.call());
        if (call != null && call.phase == Outgoing.Phase.STREAMING) {
            call.onTunnel(frame);
        } else if (call == null && frame instanceof TunnelFrame.Piece) {
            routes.send(from, new Frame.Cancel(frame.call()));
        }
    }

    private @Nullable Outgoing awaited(MemberId from, long number) {
        Outgoing call = calls.find(number);
        return call != null && isAwaited(call) && from.equals(call.target) ? call : null;
    }

    private static boolean isAwaited(Outgoing call) {
        return call.phase == Outgoing.Phase.SENT || call.phase == Outgoing.Phase.STREAMING;
    }

    private void result(Outgoing call, Frame.Result result, long nowNanos) {
        if (call.phase != Outgoing.Phase.SENT) {
            return;
        }
        if (result.outcome() != Outcome.OK) {
            Failure failure = Objects.requireNonNullElse(result.failure(), Failure.HANDLER_FAILED);
            if (failure == Failure.HANDLER_FAILED) {
                balanced.failed(call, nowNanos);
            }
            Outcome outcome = call.honest(result.outcome(), failure);
            end(call);
            call.onFailed(outcome, failure, result.detail(), result.body());
            return;
        }
        LogPosition position = result.position();
        if (result.streams()) {
            call.onCommitted(position, result.copies(), result.disks());
            call.phase = Outgoing.Phase.STREAMING;
            call.onStream();
        } else if (isShown(call, position)) {
            end(call);
            call.onAnswered(position, result.copies(), result.disks(), result.body());
        } else {
            call.onCommitted(position, result.copies(), result.disks());
            call.phase = Outgoing.Phase.SETTLING;
            call.settling = new Outgoing.Settling(result.body(), position);
            settling.add(call);
        }
    }

    private boolean isShown(Outgoing call, LogPosition position) {
        return call.isAsk() || routes.shows(call.spec().service(), call.partition(), position);
    }

    private void end(Outgoing call, Frame.End end) {
        if (call.phase != Outgoing.Phase.STREAMING) {
            return;
        }
        Failure failure = end.failure();
        if (failure == null) {
            end(call);
            call.onEnd();
        } else {
            fail(call, Outcome.FAILED, failure, end.detail());
        }
    }

    private void redirected(Outgoing call, Frame.Redirect redirect, long nowNanos) {
        if (call.phase != Outgoing.Phase.SENT) {
            return;
        }
        MemberId from = call.target;
        Epoch epoch = redirect.epoch();
        if (redirect.isAppended()) {
            call.detours().mayBeAt(Objects.requireNonNull(from));
        }
        int redirects = ++call.detours().redirects;
        if (epoch.number() > 0) {
            owners.learn(call, epoch);
        }
        MemberId next =
                OwnerRoutes.isSuggestion(epoch)
                        ? routes.memberOf(epoch.owner())
                        : owners.route(call, from);
        if (next != null && redirects <= QUICK_REDIRECTS && routes.isOpen(next)) {
            send(call, next, nowNanos);
        } else {
            int doublings = Math.min(BACK_OFF_DOUBLINGS, redirects - 1);
            await(call, nowNanos + (BACK_OFF_NANOS << doublings));
        }
    }

    // ---- what happens around -------------------------------------------------------------------

    /** Nobody owns anything of a service, for that reason; empty where somebody may. */
    public void waits(int service, String why) {
        owners.waits(service, why);
    }

    /**
     * There is a link to a member, or room in its outbox, or a ring has changed: those who wait go.
     */
    public void routesChanged(long nowNanos) {
        retry(nowNanos, true);
        balanced.go(nowNanos);
    }

    /** Others serve a service now. */
    public void servers(int service, Servers servers, long nowNanos) {
        balanced.servers(service, servers, nowNanos);
        retry(nowNanos, true);
    }

    /** What was sent to the member may be lost: there is no link any more, or no such member. */
    public void linkDown(MemberId member, long nowNanos) {
        calls.forEach(
                call -> {
                    if (member.equals(call.target) && isAwaited(call)) {
                        lost(call, nowNanos);
                    }
                });
        balanced.linkDown(member);
        retry(nowNanos, true);
    }

    private void lost(Outgoing call, long nowNanos) {
        if (call.phase == Outgoing.Phase.STREAMING) {
            String detail = "the link was lost before the stream had ended; ask again";
            fail(call, Outcome.UNKNOWN, Failure.UNAVAILABLE, detail);
        } else if (!call.spec().repeatable()) {
            String detail = "the link was lost before the answer, and it may not be repeated: ";
            fail(call, Outcome.UNKNOWN, Failure.UNAVAILABLE, detail + call);
        } else if (call.isAsk()) {
            balanced.lost(call, Objects.requireNonNull(call.target), nowNanos);
        } else {
            call.detours().mayBeAt(Objects.requireNonNull(call.target));
            await(call, nowNanos);
        }
    }

    /** At the end of each batch: ends the calls whose writes the local replica now shows. */
    public void settle() {
        if (settling.isEmpty()) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < settling.size(); i++) {
            Outgoing call = settling.get(i);
            if (call.phase != Outgoing.Phase.SETTLING) {
                continue;
            }
            if (isShown(call, Objects.requireNonNull(call.settling).at())) {
                replySettled(call);
            } else {
                settling.set(kept++, call);
            }
        }
        settling.subList(kept, settling.size()).clear();
    }

    private void replySettled(Outgoing call) {
        end(call);
        call.onReply(Objects.requireNonNull(call.settling).reply());
    }

    /** Time has passed. */
    public void tick(long nowNanos) {
        retry(nowNanos, false);
        balanced.go(nowNanos);
        settle();
        if (nowNanos - earliestDeadline < 0 || calls.size() == 0) {
            return;
        }
        earliestDeadline = Long.MAX_VALUE;
        calls.forEach(
                call -> {
                    if (call.phase == Outgoing.Phase.STREAMING && call.isStreamWanted()) {
                        return;
                    }
                    long deadline = call.spec().deadlineNanos();
                    if (deadline - nowNanos <= 0) {
                        expire(call);
                    } else {
                        earliestDeadline = Math.min(earliestDeadline, deadline);
                    }
                });
    }

    private void expire(Outgoing call) {
        if (call.phase == Outgoing.Phase.SETTLING) {
            replySettled(call);
        } else if (call.phase == Outgoing.Phase.STREAMING) {
            cancel(call);
        } else if (call.attempts > 0) {
            stop(call);
            String detail = "no answer before the deadline, it may have been executed: " + call;
            String facts = " attempts=" + call.attempts + " commit=" + call.spec().commit();
            fail(call, Outcome.UNKNOWN, Failure.TIMEOUT, detail + facts);
        } else {
            String nobody = call.isAny() ? balanced.nobodyFor(call) : owners.nobodyFor(call);
            fail(call, Outcome.FAILED, Failure.UNAVAILABLE, nobody + call);
        }
    }

    /** Keys of a service are placed anew: what was never sent goes where it belongs now. */
    public void replace(int service, ToIntFunction<CallSpec> placement) {
        for (Outgoing call : waiting) {
            if (call.spec().service() == service && call.attempts == 0 && !call.isEnded()) {
                call.partition(placement.applyAsInt(call.spec()));
            }
        }
    }

    // ---- what the user does --------------------------------------------------------------------

    /** Gives the call up, unless it has ended. */
    public void cancel(Outgoing call) {
        if (call.isEnded() || call.phase == Outgoing.Phase.FRESH) {
            return;
        }
        stop(call);
        Outcome outcome = call.attempts > 0 ? Outcome.UNKNOWN : Outcome.FAILED;
        fail(call, outcome, Failure.CANCELLED, "the caller cancelled: " + call);
    }

    /** Lets so many more items of a call's stream come. */
    public void credit(Outgoing call, int items) {
        MemberId target = call.target;
        if (call.phase == Outgoing.Phase.STREAMING && target != null) {
            routes.send(target, new Frame.Credit(call.number, items));
        }
    }

    /** Ends all: this member leaves. */
    public void close() {
        calls.forEach(
                call -> giveUp(call, Failure.CLOSED, "this member has left the mesh: " + call));
    }

    /** Ends those of one service, and forgets it: this member has no part in it any more. */
    public void giveUp(int service, Failure failure, String detail) {
        calls.forEach(
                call -> {
                    if (call.spec().service() == service) {
                        giveUp(call, failure, detail);
                    }
                });
        balanced.forget(service);
    }

    private void giveUp(Outgoing call, Failure failure, String detail) {
        if (call.phase == Outgoing.Phase.SETTLING) {
            replySettled(call);
            return;
        }
        stop(call);
        Outcome outcome = call.attempts > 0 ? Outcome.UNKNOWN : Outcome.FAILED;
        fail(call, outcome, failure, detail);
    }

    private void stop(Outgoing call) {
        MemberId target = call.target;
        if (isAwaited(call) && target != null) {
            routes.send(target, new Frame.Cancel(call.number));
        }
    }

    // ---- on the way ----------------------------------------------------------------------------

    private void sendOrWait(Outgoing call, long nowNanos) {
        if (call.isAny() || call.returnsTo() != null) {
            balanced.place(call, nowNanos);
            return;
        }
        MemberId next = owners.route(call, null);
        if (next != null && routes.isOpen(next)) {
            send(call, next, nowNanos);
        } else if (call.spec().failsFast() && balanced.isNobody(call.spec().service())) {
            Outcome outcome = call.isSent() ? Outcome.UNKNOWN : Outcome.FAILED;
            fail(call, outcome, Failure.NOT_FOUND, "nobody serves it: " + call);
        } else {
            await(call, nowNanos + LOOK_AGAIN_NANOS);
        }
    }

    void send(Outgoing call, MemberId to, long nowNanos) {
        if (call.attempts == 0 && !call.spec().isNamed()) {
            call.recognisedSinceNanos = nowNanos;
        }
        if (!call.isAsk() && nowNanos - call.recognisedSinceNanos > repeatedMostNanos) {
            Outcome outcome = call.attempts > 0 ? Outcome.UNKNOWN : Outcome.FAILED;
            String detail =
                    "a call with an id of yours is sent, and any is repeated, for half of"
                            + " dedup.window, while it is recognised: ";
            fail(call, outcome, Failure.DEDUP_EXPIRED, detail + call);
            return;
        }
        if (call.sizeBytes() > routes.messageBytesMax()) {
            Outcome outcome = call.attempts > 0 ? Outcome.UNKNOWN : Outcome.FAILED;
            fail(call, outcome, Failure.TOO_LARGE, tooLarge(call));
            return;
        }
        Frame frame = call.frame(nowNanos);
        call.phase = Outgoing.Phase.SENT;
        call.target = to;
        call.attempts++;
        routes.send(to, frame);
    }

    private String tooLarge(Outgoing call) {
        return "a message has at most the message.bytes of every server: the least is "
                + routes.messageBytesMax()
                + ", it has "
                + call.sizeBytes();
    }

    void await(Outgoing call, long untilNanos) {
        call.phase = Outgoing.Phase.WAITING;
        call.target = null;
        call.detours().retryNanos = untilNanos;
        waiting.add(call);
    }

    /** Sends what waits, in the order it came to wait; {@code all}, or only what is due. */
    private void retry(long nowNanos, boolean all) {
        if (waiting.isEmpty()) {
            return;
        }
        List<Outgoing> before = waiting;
        waiting = spare;
        spare = before;
        for (Outgoing call : before) {
            if (call.phase != Outgoing.Phase.WAITING) {
                continue;
            }
            boolean isDue = call.detours().retryNanos - nowNanos <= 0;
            boolean mayHurry = all && call.redirects() == 0;
            if (isDue || mayHurry) {
                sendOrWait(call, nowNanos);
            } else {
                waiting.add(call);
            }
        }
        before.clear();
    }

    void fail(Outgoing call, Outcome outcome, Failure failure, String detail) {
        end(call);
        call.onFailed(outcome, failure, Excerpt.detail(detail), Detours.bodyOf(failure));
    }

    private void end(Outgoing call) {
        balanced.release(call);
        call.phase = Outgoing.Phase.ENDED;
        calls.remove(call);
    }
}
