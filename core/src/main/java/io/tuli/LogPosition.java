package io.tuli;

import java.util.Comparator;

/**
 * A place between two entries of one partition's changelog: everything before {@code offset} lies
 * behind it.
 *
 * @param epoch epoch of the last entry before the place; {@link Epoch#ZERO} at the beginning
 * @param offset how many entries lie before the place, {@code >= 0}; also the offset of the next
 *     entry
 */
public record LogPosition(Epoch epoch, long offset) implements Comparable<LogPosition> {

    /** Before the first entry. */
    public static final LogPosition START = new LogPosition(Epoch.ZERO, 0);

    private static final Comparator<LogPosition> ORDER =
            Comparator.comparing(LogPosition::epoch).thenComparingLong(LogPosition::offset);

    public LogPosition {
        Require.argument(offset >= 0, "offset must be >= 0", offset);
    }

    /** What a record has anyway, in a form that is compiled to three comparisons everywhere. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LogPosition that
                && that.offset == offset
                && that.epoch.equals(epoch);
    }

    @Override
    public int hashCode() {
        return 31 * epoch.hashCode() + Long.hashCode(offset);
    }

    /** Orders by epoch, then offset: of two logs the later is the one to adopt. */
    @Override
    public int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
