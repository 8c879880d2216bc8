package io.tuli.store;

import io.tuli.log.PartitionState;

/** The partitions of one service's replica, as they are at the moment. Any thread. */
public interface StateSource {

    /** How many there are, numbered from 0. */
    int partitions();

    PartitionState state(int partition);

    int partitionOf(String topLevelKey);

    /** What of them is not to be shown any more. */
    default Overdue overdue() {
        return Overdue.HERE;
    }
}
