package io.tuli.member;

import io.tuli.Commit;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one service that belong to one loop; a cell is null where the partition belongs
 * to another. One thread.
 */
final class ServicePartitions {

    private static final int OWNER = Commit.owner().copies();

    final ServiceSpec spec;
    final @Nullable Replica[] replicas;
    final GatheredRequests gathered;
    private boolean hasFollowers;

    ServicePartitions(ServiceSpec spec, @Nullable Replica[] replicas) {
        this.spec = spec;
        this.replicas = replicas;
        this.gathered = new GatheredRequests(replicas.length);
    }

    @Nullable Replica at(int partition) {
        return partition >= 0 && partition < replicas.length ? replicas[partition] : null;
    }

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
}
