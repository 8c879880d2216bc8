package io.tuli.machine;

/**
 * How much the changelogs of one loop hold beyond their tails, for those who lag. Counted round by
 * round: each partition is seen once in a round. What is over the limit is given up by whichever
 * partitions come next, and whoever lags there gets a snapshot. One thread.
 */
public final class Retention {

    private final long mostBytes;
    private long counted;
    private long excess;

    Retention(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** One partition of the round holds so much. */
    public void count(long bytes) {
        counted += bytes;
    }

    /** All have been counted: the next round begins. */
    public void endRound() {
        excess = counted - mostBytes;
        counted = 0;
    }

    boolean isExceeded() {
        return excess > 0;
    }

    void gaveUp(long bytes) {
        excess -= bytes;
    }
}
