package io.tuli.machine;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the requests take that wait on one loop: for an owner, for earlier ones of their keys, for
 * their handlers, for the copies of what they wrote. Counted over all partitions, and for each
 * caller, which may have half of it. Folds are no caller's: their sources wait instead. One thread.
 */
public final class HeldBytes {

    /** Which part of all one caller may have. */
    private static final int CALLERS_PART = 2;

    /** Objects around the texts and values of one request that waits, and of its reply. */
    private static final int REQUEST_BYTES = 384;

    private static final int HEADER_BYTES = 128;

    /** So many callers without anything are kept, so that a busy one is not made anew each time. */
    private static final int IDLE_MOST = 256;

    private final long most;
    private final Map<MemberId, Caller> callers = new HashMap<>();
    private @Nullable Caller latest;
    private long sum;

    /**
     * @param most for all callers together; no bound if 0
     */
    HeldBytes(long most) {
        this.most = most == 0 ? Long.MAX_VALUE : most;
    }

    /** What a request takes while it waits; asked once for each, and kept with it. */
    static int of(Frame.Request request) {
        long bytes = REQUEST_BYTES;
        bytes += request.verb().length() + request.key().toString().length();
        bytes += request.body().sizeBytes();
        if (!request.headers().isEmpty()) {
            for (Map.Entry<String, String> header : request.headers().entrySet()) {
                bytes += HEADER_BYTES + header.getKey().length() + header.getValue().length();
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /**
     * Whether a request can wait no more: it is refused before anything is done for it. One that is
     * larger than all there may be waits alone.
     */
    public boolean isFull(PendingRequest pending) {
        MemberId from = pending.from();
        if (from == null) {
            return false;
        }
        long left = Math.max(0, most - pending.bytes());
        if (sum > left) {
            return true;
        }
        Caller caller = find(from);
        return caller != null && caller.bytes > left / CALLERS_PART;
    }

    /** A request begins to wait. */
    void take(PendingRequest pending) {
        take(pending.from(), pending.bytes());
    }

    /** A request waits no more. */
    void give(PendingRequest pending) {
        give(pending.from(), pending.bytes());
    }

    void take(@Nullable MemberId from, int bytes) {
        if (from == null) {
            return;
        }
        Caller caller = find(from);
        if (caller == null) {
            caller = new Caller(from);
            callers.put(from, caller);
            latest = caller;
        }
        caller.bytes += bytes;
        sum += bytes;
    }

    void give(@Nullable MemberId from, int bytes) {
        Caller caller = from == null ? null : find(from);
        if (caller == null) {
            return;
        }
        caller.bytes -= bytes;
        sum -= bytes;
        if (caller.bytes == 0 && callers.size() > IDLE_MOST) {
            callers.remove(caller.member);
            latest = null;
        }
    }

    private @Nullable Caller find(MemberId from) {
        Caller caller = latest;
        if (caller == null || !caller.member.equals(from)) {
            caller = callers.get(from);
            latest = caller;
        }
        return caller;
    }

    /** What all that waits takes. */
    public long sum() {
        return sum;
    }

    /** One that sends requests, and what of it waits. */
    private static final class Caller {

        final MemberId member;
        long bytes;

        Caller(MemberId member) {
            this.member = member;
        }
    }
}
