package io.tuli.member;

import io.tuli.MemberId;
import java.util.HashMap;
import java.util.Map;

/**
 * How many calls a member gives up in a second. A word of that is looked for in all partitions, so
 * a flood of them would cost everybody's time; beyond the limit it is left out, which only means
 * that a request runs although nobody waits for it any more. One thread.
 */
final class CancelQuota {

    /** Of one member in a second. */
    static final int MOST = 1_024;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Map<MemberId, Integer> given = new HashMap<>();
    private long since;

    /** Counts one; false where it is one too many. */
    boolean take(MemberId from, long nowNanos) {
        if (nowNanos - since >= SECOND_NANOS) {
            since = nowNanos;
            given.clear();
        }
        return given.merge(from, 1, Integer::sum) <= MOST;
    }
}
