package io.tuli;

import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import java.util.Comparator;

/**
 * A place between two entries of one partition's changelog: everything before {@code offset} lies
 * behind it. Feeds also know places between two changes of one entry, see {@link #index}.
 * Immutable.
 *
 * <p>No record, because those few places alone have an index to remember: positions are made by the
 * million, and all others stay as small as they were.
 */
public sealed class LogPosition implements Comparable<LogPosition> {

    /** Before the first entry. */
    public static final LogPosition START = new LogPosition(Epoch.ZERO, 0);

    private static final String RULE =
            "a position is epoch number @ owner in hexadecimal : offset, as in 3@7f:12";

    private static final Comparator<LogPosition> ORDER =
            Comparator.comparing(LogPosition::epoch)
                    .thenComparingLong(LogPosition::offset)
                    .thenComparingInt(LogPosition::index);

    private final Epoch epoch;
    private final long offset;

    /**
     * The place before the entry at an offset.
     *
     * @param epoch epoch of the last entry before the place; {@link Epoch#ZERO} at the beginning
     * @param offset how many entries lie before the place, {@code >= 0}; also the offset of the
     *     next entry
     */
    public LogPosition(Epoch epoch, long offset) {
        Require.argument(offset >= 0, "offset must be >= 0", offset);
        this.epoch = epoch;
        this.offset = offset;
    }

    /**
     * The place inside the entry at an offset, after so many of its changes.
     *
     * @param epoch of that entry
     * @param index how many changes of that entry lie before the place, {@code >= 0}; with 0 it is
     *     the place before the entry
     */
    public static LogPosition within(Epoch epoch, long offset, int index) {
        Require.argument(index >= 0, "index must be >= 0", index);
        return index == 0 ? new LogPosition(epoch, offset) : new Inside(epoch, offset, index);
    }

    /**
     * The place that {@link #toString} writes like {@code 3@7f:12}.
     *
     * @throws IllegalArgumentException where the text is no place between two entries
     */
    public static LogPosition parse(String text) {
        int at = text.indexOf('@');
        int colon = text.lastIndexOf(':');
        try {
            Require.argument(at > 0 && colon > at, RULE, text);
            int number = Integer.parseInt(text.substring(0, at));
            long owner = Long.parseUnsignedLong(text.substring(at + 1, colon), 16);
            LogPosition place =
                    new LogPosition(
                            number == 0 && owner == 0 ? Epoch.ZERO : new Epoch(number, owner),
                            Long.parseLong(text.substring(colon + 1)));
            Require.argument(place.toString().equals(text), RULE, text);
            return place;
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(RULE + ": " + Excerpt.of(text), noNumber);
        }
    }

    /** Epoch of the last entry that lies before the place, if only in part. */
    public Epoch epoch() {
        return epoch;
    }

    /** How many entries lie before the place; also the offset of the next entry. */
    public long offset() {
        return offset;
    }

    /**
     * How many changes of the entry at {@link #offset} lie before the place, too. Only the position
     * of a change that is not the last one of its entry has any.
     */
    public int index() {
        return 0;
    }

    /** Written out, so that it is compiled to three comparisons everywhere. */
    @Override
    public final boolean equals(Object other) {
        return other instanceof LogPosition that
                && that.offset == offset
                && that.epoch.equals(epoch)
                && that.index() == index();
    }

    @Override
    public final int hashCode() {
        return 31 * epoch.hashCode() + Long.hashCode(offset) + index();
    }

    /**
     * Orders by epoch, then offset: of two logs the later is the one to adopt. It does not say
     * which of two places lies before the other, unless one changelog has both.
     */
    @Override
    public final int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }

    /** Like {@code 3@7f:12}, and {@code 3@7f:12+1} inside an entry. */
    @Override
    public final String toString() {
        return epoch + ":" + offset + (index() == 0 ? "" : "+" + index());
    }

    /** A place between two changes of one entry. */
    private static final class Inside extends LogPosition {

        private final int index;

        Inside(Epoch epoch, long offset, int index) {
            super(epoch, offset);
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }
    }
}
