package io.tuli;

import java.time.Instant;
import java.util.List;

/**
 * One committed entry of a partition's changelog: all changes of one decision, which stand or fall
 * together.
 *
 * @param partition its partition
 * @param position the place right after it
 * @param time the owner's wall clock
 * @param id the request that caused it
 * @param changes in the order they were made; empty for a request that only replied
 */
public record Committed(
        int partition, LogPosition position, Instant time, RequestId id, List<Change> changes) {

    public Committed {
        changes = List.copyOf(changes);
    }
}
