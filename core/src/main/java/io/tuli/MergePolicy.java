package io.tuli;

/**
 * What becomes of writes that two sides of a split made to the same value. Writes only one side
 * made, and increments, are kept whatever the policy is.
 *
 * <p>The ordinal is part of what members agree on when they serve a service.
 */
public enum MergePolicy {
    /**
     * The later write stays, by the owners' hybrid logical clocks. The other one is given up, and
     * reported.
     */
    LAST_WRITE_WINS,
    /**
     * What the side wrote whose changelog is adopted - the one with the highest epoch - stays. The
     * other side's is given up, and reported.
     */
    KEEP_WINNER
}
