package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way: what it asks for, how far it is, and what to do when it gets further. The
 * {@link Caller} that started it is the only one to touch its progress and calls its {@code on…}
 * methods, each from that caller's thread; exactly one of {@link #onReply}, {@link #onEnd} and
 * {@link #onFailed} is called, once, as the last.
 */
public abstract class Outgoing {

    /** How far a call is. It moves down this list, but for WAITING and SENT, which alternate. */
    enum Phase {
        /** Not started. */
        FRESH,
        /** For an owner, a link, room in an outbox, or the moment to try again. */
        WAITING,
        /** For an answer. */
        SENT,
        /** Answered; for the local replica to show it. */
        SETTLING,
        /** For items of a stream. */
        STREAMING,
        ENDED
    }

    /** An answer, and where the local replica shows what it tells of. */
    record Settling(Payload reply, LogPosition at) {}

    /** The answer of a call that is SETTLING. */
    @Nullable Settling settling;

    Phase phase = Phase.FRESH;
    @Nullable MemberId target;
    long number = -1;

    /** From when on it is recognised: its first way out, or its begin where others may name it. */
    long recognisedSinceNanos;

    /** Times it was sent, but for those it was refused unseen. */
    int attempts;

    /** The server that has it, of whichever could; null while none has. */
    @Nullable Worker worker;

    /** Null where it has taken none. */
    private @Nullable Detours detours;

    private final CallSpec spec;
    private int partition = -1;

    protected Outgoing(CallSpec spec) {
        this.spec = spec;
    }

    public final CallSpec spec() {
        return spec;
    }

    /** Whose owner is asked; -1 where one member is, or whichever server. */
    public final int partition() {
        return partition;
    }

    /** Says whose owner is to be asked, or -1 for whichever server; before anybody has been. */
    public final void partition(int chosen) {
        Require.argument(attempts == 0, "a call on its way keeps its partition", this);
        partition = chosen;
    }

    /** The caller's number for it; -1 before it is started. Read on the caller's thread. */
    public final long number() {
        return number;
    }

    /** The owner has taken it into its queue. */
    protected abstract void onAccepted();

    /** It has its copies; answers or items follow. */
    protected abstract void onCommitted(LogPosition position, int copies, int disks);

    /** The answer. */
    protected abstract void onReply(Payload body);

    /** It has its copies, and its answer is here. */
    protected void onAnswered(LogPosition position, int copies, int disks, Payload body) {
        onCommitted(position, copies, disks);
        onReply(body);
    }

    /** What is known of it when it is committed. */
    protected final Receipt receipt(LogPosition position, int copies, int disks) {
        return new Receipt(partition, position, copies, disks);
    }

    /** The answer is a stream: items come as {@link Caller#credit} allows. */
    protected abstract void onStream();

    protected abstract void onItem(long index, Payload body);

    /** Whether anybody takes the items; a stream that nobody takes is given up at the deadline. */
    protected abstract boolean isStreamWanted();

    /** What comes through the tunnel that it has opened. */
    protected void onTunnel(TunnelFrame frame) {}

    /** Who has it; null while nobody has. On the caller's thread. */
    protected final @Nullable MemberId target() {
        return target;
    }

    /** The stream is complete. */
    protected abstract void onEnd();

    /**
     * It ended otherwise than OK, or its stream broke off.
     *
     * @param body what a handler's refusal says besides; else NONE
     */
    protected abstract void onFailed(Outcome outcome, Failure failure, String detail, Payload body);

    final boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** Whether it is for a member rather than for the owner of a partition. */
    final boolean isAsk() {
        return spec.member() != null || partition < 0;
    }

    /** Whether it is for whichever server. */
    final boolean isAny() {
        return spec.member() == null && partition < 0;
    }

    /** Which servers may take it. */
    final Choice choice() {
        return spec.choice();
    }

    final boolean isWaiting() {
        return phase == Phase.WAITING;
    }

    /** Whether anybody may have executed it. */
    final boolean isSent() {
        return attempts > 0;
    }

    /** To be written to: from now on it has some. */
    final Detours detours() {
        Detours known = detours == null ? new Detours() : detours;
        detours = known;
        return known;
    }

    final Epoch hint() {
        return detours == null ? Epoch.ZERO : detours.hint;
    }

    final int redirects() {
        return detours == null ? 0 : detours.redirects;
    }

    /** Whom it was sent to and is waited for, because it may have it; null for nobody. */
    final @Nullable MemberId returnsTo() {
        return detours == null ? null : detours.returnsTo;
    }

    /** Nobody is waited for any more. */
    final void returnsToNobody() {
        if (detours != null) {
            detours.returnsTo = null;
        }
    }

    final boolean hasPassedOn() {
        return detours != null && !detours.passedOnBy().isEmpty();
    }

    final boolean hasPassedOn(MemberId server) {
        return detours != null && detours.passedOnBy().contains(server);
    }

    /** Whether nobody may be ready for it although somebody is for others. */
    final boolean isChoosy() {
        return hasPassedOn();
    }

    /** Of its body: what else a message has is short. */
    final int sizeBytes() {
        return spec.body().sizeBytes();
    }

    /**
     * How it has ended, given what was told. A call refused for want of room or time was not looked
     * at, and one that comes too late is not recognised: if this caller had sent it before, that
     * one may have been executed. And what one owner refuses may be in the changelog of an earlier
     * one, from which it can come back after a split.
     */
    final Outcome honest(Outcome told, Failure why) {
        boolean isUninformed =
                why.category() == Failure.Category.RETRY || why == Failure.DEDUP_EXPIRED;
        boolean mayBeThere = mayBeElsewhere() || (attempts > 1 && isUninformed);
        return mayBeThere ? Outcome.UNKNOWN : told;
    }

    /** Whether it may be in the changelog of another than the one that is asked. */
    final boolean mayBeElsewhere() {
        return detours != null && detours.mayBeElsewhere(target);
    }

    final Frame frame(long nowNanos) {
        long leftMillis = Math.max(1, (spec.deadlineNanos() - nowNanos) / 1_000_000);
        int timeoutMillis = (int) Math.min(Integer.MAX_VALUE, leftMillis);
        if (isAsk()) {
            return new Frame.Ask(
                    spec.service(),
                    number,
                    spec.id(),
                    timeoutMillis,
                    spec.verb(),
                    spec.key(),
                    spec.body(),
                    spec.headers(),
                    spec.extensions());
        }
        return new Frame.Request(
                spec.service(),
                partition,
                number,
                spec.id(),
                spec.isNamed() ? attempts + 1 : attempts,
                timeoutMillis,
                spec.commit(),
                spec.verb(),
                spec.key(),
                spec.body(),
                spec.headers(),
                spec.extensions());
    }

    @Override
    public String toString() {
        return Excerpt.of(spec.verb()) + " " + Excerpt.of(spec.key()) + " partition=" + partition;
    }
}
