package io.tuli;

import io.tuli.error.Require;

/**
 * How many copies a write must have before its call is told OK. The caller chooses per request;
 * nothing is silently weaker than its name, and every receipt says how many copies there were.
 *
 * @param copies servers, the owner included, that must have appended the write; {@link #SAFE}
 *     decides at the owner
 */
public record Commit(int copies) {

    /** The wire's number for {@link #safe()}. */
    public static final int SAFE = 0;

    private static final Commit SAFE_COMMIT = new Commit(SAFE);
    private static final Commit OWNER_COMMIT = new Commit(1);

    public Commit {
        Require.argument(copies >= 0 && copies <= 255, "copies must be 1..255", copies);
    }

    /** Appended by the owner. Survives the loss of any member but the owner. */
    public static Commit owner() {
        return OWNER_COMMIT;
    }

    /** Appended on {@code n} servers. Survives the loss of any {@code n - 1} of them. */
    public static Commit copies(int n) {
        Require.argument(n >= 1, "copies must be 1..255", n);
        return new Commit(n);
    }

    /**
     * The default: the owner and one follower; the owner alone only where it is the only server.
     */
    public static Commit safe() {
        return SAFE_COMMIT;
    }

    public boolean isSafe() {
        return copies == SAFE;
    }

    @Override
    public String toString() {
        return isSafe() ? "safe" : copies == 1 ? "owner" : "copies(" + copies + ")";
    }
}
