package io.tuli;

import java.util.Comparator;

/**
 * Identifies one life of one member.
 *
 * @param node stable across restarts where the member was given an id; random otherwise
 * @param incarnation random number of this process start; a member that restarts is a new one, and
 *     nothing its earlier life promised counts
 */
public record MemberId(long node, long incarnation) implements Comparable<MemberId> {

    private static final Comparator<MemberId> ORDER =
            Comparator.comparingLong(MemberId::incarnation).thenComparingLong(MemberId::node);

    @Override
    public int compareTo(MemberId other) {
        return ORDER.compare(this, other);
    }

    /** Sixteen hexadecimal digits of the node, a dot, sixteen of the incarnation. */
    @Override
    public String toString() {
        return String.format("%016x.%016x", node, incarnation);
    }
}
