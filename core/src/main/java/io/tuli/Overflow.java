package io.tuli;

/** What a feed does when its consumer falls behind by more than its limit. */
public enum Overflow {
    /**
     * It waits in the changelog; if that is trimmed meanwhile, a RESET and the present state
     * follow. Nothing is hidden.
     */
    WAIT,
    /** The oldest undelivered changes are dropped; their number is counted by the subscription. */
    DROP_OLDEST,
    /** The feed ends with OVERLOADED. */
    FAIL
}
