package io.tuli;

import io.tuli.error.Require;

/**
 * How many copies a write must have before its call is told OK. The caller chooses per request;
 * nothing is silently weaker than its name, and every receipt says how many copies there were, and
 * how many of them on disk.
 *
 * @param copies servers, the owner included, that must have appended the write; {@link #SAFE}
 *     decides at the owner
 * @param disks servers that must have it on disk for good, besides what {@link #safe()} asks for; 0
 *     where it is {@code copies} that counts
 */
public record Commit(int copies, int disks) {

    /** The wire's number for {@link #safe()}. */
    public static final int SAFE = 0;

    private static final int MOST = 127;
    private static final Commit SAFE_COMMIT = new Commit(SAFE);
    private static final Commit OWNER_COMMIT = new Commit(1);

    public Commit {
        Require.argument(copies >= 0 && copies <= MOST, "copies must be 1..127", copies);
        Require.argument(disks >= 0 && disks <= MOST, "disks must be 1..127", disks);
        Require.argument(
                copies == SAFE || disks == 0, "copies or disks are asked for, not both", disks);
    }

    /** So many copies, on disk or not. */
    public Commit(int copies) {
        this(copies, 0);
    }

    /** Appended by the owner. Survives the loss of any member but the owner. */
    public static Commit owner() {
        return OWNER_COMMIT;
    }

    /** Appended on {@code n} servers. Survives the loss of any {@code n - 1} of them. */
    public static Commit copies(int n) {
        Require.argument(n >= 1, "copies must be 1..127", n);
        return new Commit(n);
    }

    /**
     * On the disks of {@code n} servers, synced, whatever the service's {@link Durable} policy is,
     * and all that {@link #safe()} asks for. Survives the loss of power everywhere at once, and of
     * any {@code n - 1} of those disks for good. Refused with BAD_REQUEST where the service is not
     * durable.
     */
    public static Commit disks(int n) {
        Require.argument(n >= 1, "disks must be 1..127", n);
        return new Commit(SAFE, n);
    }

    /**
     * The default: the owner and one follower; the owner alone only where it is the only server.
     */
    public static Commit safe() {
        return SAFE_COMMIT;
    }

    /** Whether it is {@link #safe()}, and nothing more. */
    public boolean isSafe() {
        return copies == SAFE && disks == 0;
    }

    @Override
    public String toString() {
        if (disks > 0) {
            return "disks(" + disks + ")";
        }
        return isSafe() ? "safe" : copies == 1 ? "owner" : "copies(" + copies + ")";
    }
}
