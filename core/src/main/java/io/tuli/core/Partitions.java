package io.tuli.core;

import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one service that belong to one loop; a cell is null where the partition belongs
 * to another.
 */
record Partitions(ServiceSpec spec, @Nullable Replica[] replicas) {

    @Nullable Replica at(int partition) {
        return partition >= 0 && partition < replicas.length ? replicas[partition] : null;
    }
}
