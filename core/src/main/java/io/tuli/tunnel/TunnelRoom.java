package io.tuli.tunnel;

import io.tuli.error.Require;

/**
 * How many tunnels a member has at once, and how much each takes before somebody takes it from
 * there: together never more than they may. The first ones get a full window; when half of all is
 * given away, the others share what is left. One thread at a time.
 */
public final class TunnelRoom {

    private final int most;
    private final int windowBytes;
    private final long windowsBytes;
    private int count;
    private long usedBytes;

    /**
     * For a member.
     *
     * @param most so many tunnels at once, perhaps none
     * @param windowBytes of one, at most
     * @param windowsBytes of all together
     */
    public TunnelRoom(int most, int windowBytes, long windowsBytes) {
        Require.argument(most >= 0, "a member has so many tunnels at once, or none", most);
        Require.argument(
                windowBytes >= TunnelEnd.WINDOW_LEAST,
                "a window is at least " + TunnelEnd.WINDOW_LEAST + " bytes",
                windowBytes);
        this.most = most;
        this.windowBytes = windowBytes;
        this.windowsBytes = windowsBytes;
    }

    /** The window of one tunnel more; 0 where there is no room for it. */
    public int enter() {
        long window = windowBytes;
        if (usedBytes + window > windowsBytes / 2) {
            window = Math.min(window, (windowsBytes - usedBytes) / Math.max(1, most - count));
            window = Math.max(window, TunnelEnd.WINDOW_LEAST);
        }
        if (count >= most || usedBytes + window > windowsBytes) {
            return 0;
        }
        count++;
        usedBytes += window;
        return (int) window;
    }

    /** One of that window has ended. */
    public void left(int window) {
        Require.invariant(count > 0, "who leaves has entered", count);
        count--;
        usedBytes -= window;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** The windows of all. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Why there is no room. */
    public String rule() {
        return "a member has so many tunnels at once, and windows of so many bytes: tunnel.max="
                + most
                + " tunnel.windows="
                + windowsBytes
                + " open="
                + count
                + " bytes="
                + usedBytes
                + "; close some, or ask another";
    }
}
