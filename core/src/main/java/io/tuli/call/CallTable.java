package io.tuli.call;

import io.tuli.Require;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls by number. A number's sequence is its place in a ring, so finding a call is one look at an
 * array; a place still taken by an old call is passed over when numbers are given out, and when
 * more than half are taken the ring doubles. Nothing is allocated per call. Not thread-safe.
 *
 * <p>Invariants: a call lies at its sequence modulo the ring's length; at most half are taken.
 */
final class CallTable {

    /** Low bits of a number that say which loop's call it is. */
    static final int LOOP_BITS = 6;

    private static final int SMALLEST = 64;

    private final int loop;
    private @Nullable Outgoing[] ring = new @Nullable Outgoing[SMALLEST];
    private int size;
    private long nextSequence;

    CallTable(int loop) {
        Require.argument(loop >= 0 && loop < 1 << LOOP_BITS, "loop must be 0..63", loop);
        this.loop = loop;
    }

    /** Gives the call a number and keeps it. */
    long add(Outgoing call) {
        if (size >= ring.length / 2) {
            grow();
        }
        while (ring[place(nextSequence)] != null) {
            nextSequence++;
        }
        long sequence = nextSequence++;
        ring[place(sequence)] = call;
        size++;
        return sequence << LOOP_BITS | loop;
    }

    /** The call of that number; null if it has ended or never was. */
    @Nullable Outgoing find(long number) {
        Outgoing call = ring[place(number >>> LOOP_BITS)];
        return call != null && call.number == number ? call : null;
    }

    void remove(Outgoing call) {
        int place = place(call.number >>> LOOP_BITS);
        Require.invariant(find(call.number) != null, "a call is removed once", call);
        ring[place] = null;
        size--;
    }

    int size() {
        return size;
    }

    /** Visits each call there is now, oldest first; the visitor may remove it. */
    void forEach(Consumer<Outgoing> visitor) {
        if (size == 0) {
            return;
        }
        @Nullable Outgoing[] seen = ring;
        for (long sequence = nextSequence - seen.length; sequence < nextSequence; sequence++) {
            Outgoing call = seen[(int) sequence & (seen.length - 1)];
            if (call != null && !call.isEnded()) {
                visitor.accept(call);
            }
        }
    }

    private int place(long sequence) {
        return (int) sequence & (ring.length - 1);
    }

    private void grow() {
        @Nullable Outgoing[] old = ring;
        ring = new @Nullable Outgoing[old.length * 2];
        for (Outgoing call : old) {
            if (call != null) {
                ring[place(call.number >>> LOOP_BITS)] = call;
            }
        }
    }

    @Override
    public String toString() {
        return "calls=" + size + " places=" + ring.length + " loop=" + loop;
    }
}
