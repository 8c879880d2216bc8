package io.tuli.handshake;

import io.tuli.error.Require;

/**
 * The wire versions a member speaks. Neighbouring releases share one, so that a mesh can be
 * upgraded member by member.
 *
 * @param min the oldest
 * @param max the newest
 */
public record WireVersions(int min, int max) {

    public static final WireVersions CURRENT = new WireVersions(2, 2);

    /** Of two that share none. */
    public static final int NONE = 0;

    private static final int VERSION_MAX = 0xffff;

    public WireVersions {
        Require.argument(min >= 1 && min <= max && max <= VERSION_MAX, "versions must be 1..", max);
    }

    /** The highest both speak, of theirs as they say it, which may be nonsense; else NONE. */
    public int common(int theirMin, int theirMax) {
        int highest = Math.min(max, theirMax);
        return highest >= Math.max(min, theirMin) ? highest : NONE;
    }
}
