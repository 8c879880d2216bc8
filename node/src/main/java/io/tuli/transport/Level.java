package io.tuli.transport;

import io.netty.channel.Channel;

/**
 * How full a link is. Counts what crosses to its loop and what the socket has not taken, against
 * the link's own limit and all links' {@link Budget}. Any thread, except where said.
 *
 * <p>Netty tells when its part crosses the limit, and back only at half of it. What it cannot see
 * is what is queued and the budget, and by the time it is heard its part may be empty again. So
 * whoever was answered "full", for whatever reason, is owed news, which {@link #owesNews}
 * remembers.
 */
final class Level {

    /** A link over this many times its limit is closed. */
    private static final int HARD_LIMIT_FACTOR = 2;

    private static final int MUCH_PART = 4;

    private final Channel channel;
    private final Outbox outbox;
    private final FrameQueue queued;
    private final Budget budget;
    private final int limitBytes;
    private volatile boolean isSeenFull;
    private long reportedBytes;

    Level(Channel channel, Outbox outbox, FrameQueue queued, Budget budget, int limitBytes) {
        this.channel = channel;
        this.outbox = outbox;
        this.queued = queued;
        this.budget = budget;
        this.limitBytes = limitBytes;
    }

    boolean isWritable() {
        boolean hasRoom = channel.isWritable() && hasRoom();
        if (!hasRoom) {
            isSeenFull = true;
        }
        return hasRoom;
    }

    /** Whether a quarter of the limit is not reached; nobody who asks is owed news. */
    boolean hasMuchRoom() {
        return channel.isWritable() && bytes() < limitBytes / MUCH_PART && !budget.isSpent();
    }

    private boolean hasRoom() {
        long waiting = bytes();
        return waiting < limitBytes && !(budget.isSpent() && waiting >= Budget.STEP_BYTES);
    }

    /** Whether slowing down has not helped: the peer is too slow for what it is sent. */
    boolean isOver() {
        long waiting = bytes();
        return waiting > (long) HARD_LIMIT_FACTOR * limitBytes
                || (budget.isOverspent() && waiting >= Budget.STEP_BYTES);
    }

    long bytes() {
        return queued.bytes() + outbox.waitingBytes();
    }

    /** Tells the budget what waits here. On the loop, often. */
    void report() {
        reportedBytes = budget.report(reportedBytes, outbox.waitingBytes());
    }

    /** The link is gone, and what waited on it. On the loop. */
    void reportNothing() {
        reportedBytes = budget.report(reportedBytes, 0);
    }

    /** Whether somebody saw the link full and it no longer is; true once. On the loop. */
    boolean owesNews() {
        if (isSeenFull && channel.isWritable() && hasRoom()) {
            isSeenFull = false;
            return true;
        }
        return false;
    }
}
