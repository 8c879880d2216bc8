package io.tuli.chaos;

import io.tuli.workload.Fault;

/**
 * A fault that was injected.
 *
 * @param fault which
 * @param begunNanos when
 * @param endedNanos when all members were in sync again
 */
record Injected(Fault fault, long begunNanos, long endedNanos) {}
