package io.tuli.agreement;

import io.tuli.error.Require;

/**
 * How many of the servers that had a kept service must be here again before those that are go on
 * with it. All servers of a mesh should have the same. Immutable.
 *
 * @param need whom it goes on without
 * @param waitNanos for how long it waits for those it could go on without
 * @param membersExpected a service that nobody ever had begins once so many servers offer it
 */
public record RestartRule(Need need, long waitNanos, int membersExpected) {

    /** Without whom a service goes on that nobody runs. */
    public enum Need {
        /** Without nobody. */
        ALL,
        /** Without one of two or more: what was on two servers is on one that is here. */
        SAFE,
        /** Without whoever has not come: what they alone had is away until they do. */
        ANY
    }

    /** Without one, after half a minute. */
    public static final RestartRule DEFAULT = new RestartRule(Need.SAFE, 30_000_000_000L, 1);

    public RestartRule {
        Require.argument(waitNanos >= 0, "a time to wait is >= 0", waitNanos);
        Require.argument(membersExpected >= 1, "at least one server is expected", membersExpected);
    }

    /**
     * Whether those who are here go on.
     *
     * @param known how many had it
     * @param missing how many of them are not here
     * @param waitedNanos for how long it has been these
     */
    boolean isMet(int known, int missing, long waitedNanos) {
        boolean isBearable =
                switch (need) {
                    case ALL -> false;
                    case SAFE -> missing == 1 && known >= 2;
                    case ANY -> true;
                };
        return missing == 0 || (isBearable && waitedNanos >= waitNanos);
    }
}
