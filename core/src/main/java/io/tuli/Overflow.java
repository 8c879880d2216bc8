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
    /** What comes when it is behind is dropped, and counted. Of {@link EventFeed} alone. */
    DROP_NEWEST,
    /**
     * Of each subject only the latest event waits, and where there are too many subjects, not the
     * oldest; what is dropped is counted. Of {@link EventFeed} alone.
     */
    LATEST,
    /** The feed ends with OVERLOADED. */
    FAIL
}
