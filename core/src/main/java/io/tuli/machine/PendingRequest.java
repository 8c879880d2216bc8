package io.tuli.machine;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.error.Excerpt;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it stands at this member: who waits for the answer, and until when.
 *
 * @param from the caller; null where nobody waits, as for folds
 * @param deadlineNanos after which it is not begun any more
 * @param bytes what it takes while it waits; 0 of a fold, which is no caller's
 * @param marks of a fold: the source positions its entry moves; none for a request
 * @param isAbandoned whether the link is lost that it came on: its caller asks again, and is told
 *     nothing but OK of what it had asked before. A refusal would be a lie as soon as the repeat,
 *     which may be on its way, is executed
 */
public record PendingRequest(
        @Nullable MemberId from,
        Frame.Request request,
        long deadlineNanos,
        int bytes,
        List<SourceMark> marks,
        boolean isAbandoned) {

    public static PendingRequest of(MemberId from, Frame.Request request, long nowNanos) {
        long deadlineNanos = nowNanos + request.timeoutMillis() * 1_000_000L;
        return new PendingRequest(
                from, request, deadlineNanos, HeldBytes.of(request), List.of(), false);
    }

    static PendingRequest ofFold(Frame.Request request, List<SourceMark> marks) {
        return new PendingRequest(null, request, Long.MAX_VALUE, 0, marks, false);
    }

    PendingRequest abandoned() {
        return new PendingRequest(from, request, deadlineNanos, bytes, marks, true);
    }

    boolean isOf(MemberId caller) {
        return caller.equals(from);
    }

    public boolean isFold() {
        return !marks.isEmpty();
    }

    /** Incarnation of who sent it; of a fold the origin of its id. */
    public long sender() {
        return from == null ? request.id().origin() : from.incarnation();
    }

    /** Whether both ask for the same, whatever their calls. */
    boolean isAlike(PendingRequest other) {
        Frame.Request that = other.request;
        return request.verb().equals(that.verb())
                && request.key().equals(that.key())
                && request.body().equals(that.body())
                && request.extensions().asksTheSameAs(that.extensions());
    }

    /** Whether both are one call, sent twice. */
    boolean isSameCall(PendingRequest other) {
        return other.from != null && isCall(other.from, other.request.call());
    }

    boolean isCall(MemberId caller, long call) {
        return caller.equals(from) && request.call() == call;
    }

    boolean isNamed(RequestId id) {
        return request.id().equals(id);
    }

    public boolean isExpired(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    public void redirect(Epoch epoch, Effects effects) {
        redirect(epoch, false, effects);
    }

    /** It is in the changelog here, and may be executed yet. */
    void redirectAppended(Epoch epoch, Effects effects) {
        redirect(epoch, true, effects);
    }

    private void redirect(Epoch epoch, boolean isAppended, Effects effects) {
        if (from != null && !isAbandoned) {
            effects.outbox().send(from, new Frame.Redirect(request.call(), epoch, isAppended));
        }
    }

    public void fail(Failure failure, String detail, Effects effects) {
        fail(new Decision.Fail(failure, detail), effects);
    }

    public void fail(Decision.Fail why, Effects effects) {
        end(Outcome.FAILED, why, effects);
    }

    private void end(Outcome outcome, Decision.Fail why, Effects effects) {
        if (from != null && !isAbandoned) {
            effects.outbox()
                    .send(
                            from,
                            new Frame.Result(
                                    request.call(),
                                    outcome,
                                    why.failure(),
                                    why.detail(),
                                    LogPosition.START,
                                    0,
                                    false,
                                    why.body()));
        }
    }

    /** What waits takes all that it may. */
    public void overloaded(Effects effects) {
        fail(
                Failure.OVERLOADED,
                "what waits at its owners takes at most held.bytes, of one caller half of it:"
                        + " try later",
                effects);
    }

    /** It was executed, and repeated when there was no more room for what it was told. */
    public void replyForgotten(Effects effects) {
        end(
                Outcome.UNKNOWN,
                new Decision.Fail(
                        Failure.DEDUP_EXPIRED,
                        "it was executed, and its reply is forgotten: large replies are remembered"
                                + " in half of held.bytes; read what it has done"),
                effects);
    }

    /** Another request was executed, or is being executed, under its id. */
    public void conflict(Effects effects) {
        fail(
                Failure.CONFLICT,
                "an id is one request's, and this one came with another key, verb, body, condition"
                        + " or user before: give each request its own; verb="
                        + Excerpt.of(request.verb())
                        + " key="
                        + Excerpt.of(request.key()),
                effects);
    }

    public void ok(
            LogPosition position,
            int copies,
            int disks,
            boolean streams,
            Payload reply,
            Effects effects) {
        if (from != null) {
            effects.outbox()
                    .send(from, result(request.call(), position, copies, disks, streams, reply));
        }
    }

    static Frame.Result result(
            long call,
            LogPosition position,
            int copies,
            int disks,
            boolean streams,
            Payload reply) {
        return new Frame.Result(
                call, Outcome.OK, null, "", position, copies, disks, streams, reply);
    }
}
