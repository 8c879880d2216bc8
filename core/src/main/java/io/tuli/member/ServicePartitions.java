package io.tuli.member;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one service that belong to one loop; a cell is null where the partition belongs
 * to another. One thread.
 */
final class ServicePartitions {

    private static final int OWNER = Commit.owner().copies();

    /** Far below what the clock can count. */
    private static final long REST_MOST_NANOS = 3_600_000_000_000L;

    final ServiceSpec spec;
    final @Nullable Replica[] replicas;
    final GatheredRequests gathered;
    private boolean hasFollowers;

    /** When each wants to hear of the time next; beside each other, for all are looked at often. */
    private final long[] dueNanos;

    /** A partition that is touched is due. */
    private final boolean[] isAwake;

    ServicePartitions(ServiceSpec spec, @Nullable Replica[] replicas) {
        this.spec = spec;
        this.replicas = replicas;
        this.gathered = new GatheredRequests(replicas.length);
        this.dueNanos = new long[replicas.length];
        this.isAwake = new boolean[replicas.length];
        Arrays.fill(isAwake, true);
    }

    int count() {
        return replicas.length;
    }

    @Nullable Replica at(int partition) {
        return partition >= 0 && partition < replicas.length ? replicas[partition] : null;
    }

    /** What has been promised of each; ZERO of those of another loop. */
    Epoch[] promised() {
        Epoch[] promised = new Epoch[replicas.length];
        for (int partition = 0; partition < promised.length; partition++) {
            Replica replica = replicas[partition];
            promised[partition] = replica == null ? Epoch.ZERO : replica.epoch();
        }
        return promised;
    }

    // ---- time ----------------------------------------------------------------------------------

    /** Whether the partition wants to hear of the time now. */
    boolean isDue(int partition, long nowNanos) {
        return isAwake[partition] || nowNanos - dueNanos[partition] >= 0;
    }

    /** Something happens to it: what it said of the time holds no more. */
    void wake(int partition) {
        isAwake[partition] = true;
    }

    /** It may be left alone for so long. */
    void rest(int partition, long nowNanos, long patienceNanos) {
        isAwake[partition] = patienceNanos == 0;
        dueNanos[partition] = nowNanos + Math.min(patienceNanos, REST_MOST_NANOS);
    }

    // ---- requests ------------------------------------------------------------------------------

    void ringChanged(Ring ring) {
        hasFollowers = spec.isServed() && ring.servers().size() > 1;
    }

    /**
     * Whether the request's answer will wait for copies, and so come in the order of partitions in
     * any case. Others are answered in the order in which they came, which is kinder to callers;
     * but none overtakes one of its partition that came before.
     */
    boolean isGathered(Frame.Request request) {
        return hasFollowers
                && (gathered.has(request.partition())
                        || (request.commit().copies() != OWNER
                                && !request.verb().equals(Reserved.READ)));
    }

    /** Nothing of it is held any more. */
    void close() {
        for (Replica replica : replicas) {
            if (replica != null) {
                replica.close();
            }
        }
    }
}
