package io.tuli.log;

import io.tuli.LogPosition;

/**
 * How far a partition has consumed a partition of another service. Stored in the same entry as the effect, it makes the
 * fold exactly-once: the state and the position it stands for can never part.
 *
 * @param service number of the source service
 * @param partition its partition
 * @param position everything before it has been consumed
 */
public record SourceMark(int service, int partition, LogPosition position) {}
