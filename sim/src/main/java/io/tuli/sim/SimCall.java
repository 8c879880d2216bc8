package io.tuli.sim;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.cluster.ClusterCall;
import org.jspecify.annotations.Nullable;

/**
 * What was sent by a simulated member, and how it ended. Nothing happens to it unless virtual time
 * passes: {@link SimCluster#run}, {@link SimCluster#await} or {@link #reply()}. One thread.
 */
public final class SimCall<R> {

    private final ClusterCall<R> inside;

    SimCall(ClusterCall<R> inside) {
        this.inside = inside;
    }

    /** By which a repeat is recognised. */
    public RequestId id() {
        return inside.id();
    }

    /** Whether an owner has said that it will take its time. */
    public boolean isAccepted() {
        return inside.isAccepted();
    }

    public boolean isEnded() {
        return inside.isEnded();
    }

    /** Null until it has ended. */
    public @Nullable Outcome outcome() {
        return inside.outcome();
    }

    /** Why it did not end OK; null if it did, or has not ended. */
    public @Nullable Failure failure() {
        return inside.failure();
    }

    /** Where its entry is and how many copies that had; null unless it is committed. */
    public @Nullable Receipt receipt() {
        return inside.receipt();
    }

    /** Gives the call up. */
    public void cancel() {
        inside.cancel();
    }

    /**
     * Lets virtual time pass until the call has ended.
     *
     * @throws TuliException when it ends otherwise than OK
     */
    public @Nullable R reply() {
        return inside.reply();
    }

    @Override
    public String toString() {
        return inside.toString();
    }
}
