package io.tuli.check;

import io.tuli.Outcome;

/**
 * When an operation was begun, when it ended, and how. All times of a history are on one clock.
 *
 * <p>What ended OK had its effect between the two moments. What is UNKNOWN may have its effect at
 * any time after it was begun, also after it ended, or never. What has FAILED never has one.
 *
 * @param begunNanos before anything was sent
 * @param endedNanos after the answer had come, or was given up
 * @param outcome what the caller was told
 */
public record Span(long begunNanos, long endedNanos, Outcome outcome) {

    public Span {
        if (endedNanos < begunNanos) {
            throw new IllegalArgumentException(
                    "an operation ends after it begins: " + begunNanos + " " + endedNanos);
        }
    }

    public boolean isOk() {
        return outcome == Outcome.OK;
    }

    public boolean hasFailed() {
        return outcome == Outcome.FAILED;
    }

    /** The last moment at which it may have had its effect. */
    public long effectByNanos() {
        return outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : endedNanos;
    }

    /** Whether its effect, if any, came before any effect of the other one. */
    public boolean isBefore(Span other) {
        return effectByNanos() < other.begunNanos;
    }
}
