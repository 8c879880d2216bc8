package io.tuli.log;

import io.tuli.LogPosition;
import java.util.Comparator;

/**
 * How far a partition has consumed a partition of another service. Stored in the same entry as the
 * effect, it makes the fold exactly-once: the state and the position it stands for can never part.
 * An entry has more than one of a source if that one's entry came there by a merge: see {@link
 * Consumed}.
 *
 * @param service number of the source service
 * @param partition its partition
 * @param position the position right after the source entry in question
 * @param step how many of the messages that this source entry yields for the consuming partition
 *     have been handled, from 1; {@link #ALL} for all of them; {@link #MERGED} in a mark of another
 *     kind
 */
public record SourceMark(int service, int partition, LogPosition position, int step) {

    /** The source entry has been consumed as a whole. */
    public static final int ALL = Integer.MAX_VALUE;

    /**
     * Not of a fold: the changelog has taken in, by merging, what another changelog of this very
     * partition held up to the position.
     */
    public static final int MERGED = Integer.MAX_VALUE - 1;

    private static final Comparator<SourceMark> ORDER =
            Comparator.comparing(SourceMark::position).thenComparingInt(SourceMark::step);

    /** Whether it names what a merge took in, rather than what a fold consumed. */
    public boolean isOfMerge() {
        return step == MERGED;
    }

    /** Whether this mark lies behind another of the same source partition. */
    public boolean isAfter(SourceMark other) {
        return ORDER.compare(this, other) > 0;
    }

    /** Service and partition of the source as one number. */
    public long source() {
        return ((long) service << 32) | partition;
    }
}
