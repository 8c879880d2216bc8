package io.tuli.cluster;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.Refusal;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.call.CallSpec;
import io.tuli.call.Outgoing;
import io.tuli.codec.Refusals;
import io.tuli.protocol.Reserved;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was sent by a simulated member, and how it ended. Nothing happens to it unless virtual time
 * passes: {@link Cluster#run}, {@link Cluster#await} or {@link #reply()}. One thread.
 */
public final class ClusterCall<R> {

    /** A call ends so long after its deadline at the latest. */
    static final long GRACE_NANOS = 250_000_000L;

    private static final Duration PATIENCE = Duration.ofHours(1);

    private final World world;
    private final Peer from;
    private final Class<R> type;
    private final Sent sent;
    private boolean isAccepted;
    private @Nullable Receipt receipt;
    private @Nullable Outcome outcome;
    private @Nullable Failure failure;
    private String detail = "";
    private Payload body = Payload.NONE;

    ClusterCall(World world, Peer from, Class<R> type, CallSpec spec) {
        this.world = world;
        this.from = from;
        this.type = type;
        this.sent = new Sent(spec);
    }

    void start(int partition) {
        sent.partition(partition);
        if (!from.isAlive()) {
            return;
        }
        expectEnd(sent.spec().deadlineNanos() + GRACE_NANOS);
        world.invariants().started(id());
        from.start(sent);
    }

    /** E5: every call ends by its deadline, as far as its member can do anything. */
    private void expectEnd(long atNanos) {
        world.timeline()
                .at(
                        atNanos,
                        () -> {
                            if (outcome != null || !from.isAlive()) {
                                return;
                            }
                            long awakeEnough = from.awakeSinceNanos() + GRACE_NANOS;
                            if (from.isPaused()) {
                                expectEnd(world.nowNanos() + GRACE_NANOS);
                            } else if (world.nowNanos() < awakeEnough) {
                                expectEnd(awakeEnough);
                            } else {
                                throw world.breach("E5 a call ends by its deadline", toString());
                            }
                        });
    }

    // ---- how it stands -------------------------------------------------------------------------

    /** By which a repeat is recognised. */
    public RequestId id() {
        return sent.spec().id();
    }

    /** Whether an owner has said that it will take its time. */
    public boolean isAccepted() {
        return isAccepted;
    }

    public boolean isEnded() {
        return outcome != null;
    }

    /** Null until it has ended. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** Why it did not end OK; null if it did, or has not ended. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Where its entry is and how many copies that had; null unless it is committed. */
    public @Nullable Receipt receipt() {
        return receipt;
    }

    /** Gives the call up. */
    public void cancel() {
        from.cancel(sent);
    }

    /**
     * Lets virtual time pass until the call has ended.
     *
     * @throws TuliException when it ends otherwise than OK
     */
    public @Nullable R reply() {
        world.await("the call ends: " + this, () -> isEnded() || !from.isAlive(), PATIENCE);
        if (outcome == Outcome.OK) {
            return world.codec().decode(body, type);
        }
        if (outcome == null || failure == null) {
            throw new TuliException(
                    Outcome.UNKNOWN, Failure.CLOSED, "its member has died: " + this);
        }
        Refusal refusal = Refusals.read(body, detail, world.codec());
        throw refusal == null
                ? new TuliException(outcome, failure, detail)
                : refusal.outcome(outcome);
    }

    public io.tuli.Commit commit() {
        return sent.spec().commit();
    }

    public String detail() {
        return detail;
    }

    public Payload body() {
        return body;
    }

    public Peer from() {
        return from;
    }

    @Override
    public String toString() {
        return sent
                + " id="
                + id()
                + " from="
                + from
                + " "
                + outcome
                + (failure == null ? "" : " " + failure + ": " + detail);
    }

    private void end(Outcome how) {
        outcome = how;
        world.invariants().ended(id(), how, failure, toString());
    }

    /**
     * Whether the caller's replica shows the write, as it must when the call is told OK; or is
     * beyond an epoch whose owner has gone with the only copy.
     */
    private boolean isShown(Receipt at) {
        if (at.partition() < 0) {
            return true;
        }
        Hosted here = from.hosted(sent.spec().service());
        if (here == null || here.isLeft) {
            return true;
        }
        LogPosition applied = here.replicas.get(at.partition()).applied();
        boolean isLost = at.copies() == 1 && applied.epoch().isAfter(at.position().epoch());
        return isLost || applied.offset() >= at.position().offset();
    }

    private final class Sent extends Outgoing {

        Sent(CallSpec spec) {
            super(spec);
        }

        @Override
        protected void onAccepted() {
            isAccepted = true;
        }

        @Override
        protected void onCommitted(LogPosition position, int copies, int disks) {
            receipt = receipt(position, copies, disks);
            int service = spec().service();
            boolean isRead = spec().verb().equals(Reserved.READ); // which asks for nothing
            Commit asked = isRead ? Commit.safe() : commit();
            world.invariants().promises.receipt(service, asked, receipt, from);
        }

        @Override
        protected void onReply(Payload answer) {
            body = answer;
            Receipt at = receipt;
            boolean isInTime = world.nowNanos() < spec().deadlineNanos();
            if (at != null && isInTime && !world.maySplit() && !isShown(at)) {
                throw world.breach("E6 a reply never comes before the state shows it", toString());
            }
            end(Outcome.OK);
        }

        @Override
        protected void onStream() {}

        @Override
        protected void onItem(long index, Payload item) {}

        @Override
        protected boolean isStreamWanted() {
            return false;
        }

        @Override
        protected void onEnd() {
            end(Outcome.OK);
        }

        @Override
        protected void onFailed(Outcome how, Failure why, String explanation, Payload more) {
            failure = why;
            detail = explanation;
            body = more;
            end(how);
        }
    }
}
