package io.tuli.machine;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Shares;
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

    private final long most;
    private final Shares shares = new Shares();

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
        bytes += request.extensions().sizeBytes();
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
        return shares.sum() > left || shares.of(from) > left / CALLERS_PART;
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
        if (from != null) {
            shares.take(from, bytes);
        }
    }

    void give(@Nullable MemberId from, int bytes) {
        if (from != null) {
            shares.give(from, bytes);
        }
    }

    /** What all that waits takes. */
    public long sum() {
        return shares.sum();
    }
}
