package io.tuli.machine;

/**
 * How much the changelogs of one loop hold beyond their tails, for those who lag. What is over the
 * limit is given up by whichever partitions come next, and whoever lags there gets a snapshot. One
 * thread.
 */
public final class Retention {

    private final long mostBytes;
    private long bytes;

    Retention(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** One partition holds so much more, or less, than before. */
    void changed(long by) {
        bytes += by;
    }

    boolean isExceeded() {
        return bytes > mostBytes;
    }
}
