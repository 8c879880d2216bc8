package io.tuli;

import io.tuli.error.Require;
import java.util.Comparator;

/**
 * One period of ownership of one partition. Later epochs fence earlier ones.
 *
 * <p>The owner's incarnation is part of the number, so two sides of a split network can never mint
 * the same epoch and epochs are totally ordered.
 *
 * @param number counts ownership periods; 0 only in {@link #ZERO}
 * @param owner incarnation of the member that owns the partition during this epoch
 */
public record Epoch(int number, long owner) implements Comparable<Epoch> {

    /** Before any owner. */
    public static final Epoch ZERO = new Epoch(0, 0);

    private static final Comparator<Epoch> ORDER =
            Comparator.comparingInt(Epoch::number).thenComparingLong(Epoch::owner);

    public Epoch {
        Require.argument(number >= 0, "epoch number must be >= 0", number);
    }

    public boolean isAfter(Epoch other) {
        return number == other.number ? owner > other.owner : number > other.number;
    }

    /** What a record has anyway, in a form that is compiled to two comparisons everywhere. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Epoch that && that.number == number && that.owner == owner;
    }

    @Override
    public int hashCode() {
        return 31 * number + Long.hashCode(owner);
    }

    @Override
    public int compareTo(Epoch other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number + "@" + Long.toHexString(owner);
    }
}
