package io.tuli.connect;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.error.Require;

/**
 * What of a partition's changelog is in a store. Immutable.
 *
 * @param epoch of the owner that has claimed the partition last
 * @param position all before it is in the store
 * @param seen nothing from there on is in the store; not before {@code position}. Documents are
 *     written as they are by then, so some may be newer than {@code position}: an owner whose
 *     changelog does not have {@code seen} writes the partition anew
 */
public record Place(Epoch epoch, LogPosition position, LogPosition seen) {

    /** Nothing is in the store, and nobody has claimed it. */
    public static final Place START = new Place(Epoch.ZERO, LogPosition.START, LogPosition.START);

    private static final int PARTS = 3;

    public Place {
        Require.argument(position.index() == 0, "a place is the end of an entry", position);
        Require.argument(seen.index() == 0, "a place is the end of an entry", seen);
    }

    /**
     * The place that {@link #toString} writes like {@code 3@7f:0|3@7f:12|3@7f:12}.
     *
     * @throws IllegalArgumentException where the text is no place
     */
    public static Place parse(String text) {
        String[] parts = text.split("\\|", -1);
        Require.argument(parts.length == PARTS, "a place is three positions", text);
        Epoch epoch = LogPosition.parse(parts[0]).epoch();
        return new Place(epoch, LogPosition.parse(parts[1]), LogPosition.parse(parts[2]));
    }

    /** The same, claimed by another owner. */
    public Place claimedIn(Epoch other) {
        return new Place(other, position, seen);
    }

    /** Like {@code 3@7f:0|3@7f:12|3@7f:12}: the epoch, the position, what was seen. */
    @Override
    public String toString() {
        return new LogPosition(epoch, 0) + "|" + position + "|" + seen;
    }
}
