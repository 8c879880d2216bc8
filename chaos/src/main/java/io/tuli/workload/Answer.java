package io.tuli.workload;

import io.tuli.Outcome;

/**
 * How a request ended.
 *
 * @param outcome what its caller was told
 * @param text the reply, or why there is none
 * @param tookMillis measured where the call was made
 */
public record Answer(Outcome outcome, String text, long tookMillis) {

    /** The process that made the call is gone, or does not answer. */
    public static Answer lost(String why) {
        return new Answer(Outcome.UNKNOWN, why, 0);
    }
}
