package io.tuli.protocol;

import io.tuli.MemberId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each of many callers has of something that is limited: places or bytes. One thread.
 *
 * <p>{@link #hasPlace} leaves some for whoever comes later, however much one asks for: a caller may
 * have so many times what is free. The idea is that of dynamic thresholds for the memory of
 * switches (Choudhury and Hahne, "Dynamic queue length thresholds for shared-memory packet
 * switches", 1998).
 */
public final class Shares {

    /** One greedy caller gets eight ninths, two get eight seventeenths each, and so on. */
    private static final int TIMES_FREE = 8;

    /** So many callers without anything are kept, so that a busy one is not made anew each time. */
    private static final int IDLE_MOST = 256;

    private final Map<@Nullable MemberId, Share> shares = new HashMap<>();
    private @Nullable Share latest;
    private long sum;

    /** What all have together. */
    public long sum() {
        return sum;
    }

    public long of(@Nullable MemberId caller) {
        Share share = sum == 0 ? null : find(caller);
        return share == null ? 0 : share.has;
    }

    /** Whether the caller may have one more of so many places. */
    public boolean hasPlace(@Nullable MemberId caller, long most) {
        long free = most - sum;
        return free > 0 && of(caller) <= TIMES_FREE * free;
    }

    public void take(@Nullable MemberId caller, long count) {
        Share share = find(caller);
        if (share == null) {
            share = new Share(caller);
            shares.put(caller, share);
            latest = share;
        }
        share.has += count;
        sum += count;
    }

    public void give(@Nullable MemberId caller, long count) {
        Share share = find(caller);
        if (share == null) {
            return;
        }
        share.has -= count;
        sum -= count;
        if (share.has == 0 && shares.size() > IDLE_MOST) {
            shares.remove(caller);
            latest = null;
        }
    }

    private @Nullable Share find(@Nullable MemberId caller) {
        Share share = latest;
        if (share == null || !share.isOf(caller)) {
            share = shares.get(caller);
            if (share != null) {
                latest = share;
            }
        }
        return share;
    }

    /** What one has. */
    private static final class Share {

        private final @Nullable MemberId caller;
        private long has;

        Share(@Nullable MemberId caller) {
            this.caller = caller;
        }

        boolean isOf(@Nullable MemberId other) {
            return caller == null ? other == null : caller.equals(other);
        }
    }
}
