package io.tuli.lifetime;

/**
 * How much one loop does in one turn for documents that have outlived their time: whatever comes
 * due in one moment, what is beyond waits for the next turn. All partitions of the loop share it.
 * One thread.
 *
 * <p>A unit is about what it takes to look at one document.
 */
public final class Allowance {

    /** Taking a document out, which is an edit that is replicated, takes so much. */
    public static final int REMOVAL = 8;

    /** So many slots of a table are walked for one unit. */
    public static final int SLOTS_OF_UNIT = 2;

    /** 1,024 removals. */
    static final int UNITS_OF_TURN = 1_024 * REMOVAL;

    /** No partition waits for ever because others have ever more. */
    private static final int UNITS_LEAST = 8 * REMOVAL;

    private int left = UNITS_OF_TURN;

    /** Another turn begins. */
    public void renew() {
        left = UNITS_OF_TURN;
    }

    /** What one partition may do now. */
    public int grant() {
        return Math.max(UNITS_LEAST, left);
    }

    /** It has done so much. */
    public void take(int units) {
        left = Math.max(0, left - units);
    }
}
