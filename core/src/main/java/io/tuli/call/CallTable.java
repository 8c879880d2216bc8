package io.tuli.call;

import io.tuli.error.Require;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls by number. A number's sequence is its index in a ring, so finding a call is one look at an
 * array; an index still taken by an old call is passed over when numbers are given out, and when
 * more than half are taken the ring doubles. Not thread-safe.
 *
 * <p>The ring is made of short pieces, and each time it comes round a piece without calls is made
 * anew: a call is then written into an array as young as itself, which with the garbage collector
 * G1 costs nothing, and into an old one a fence.
 *
 * <p>Invariants: a call lies at its sequence modulo the ring's length; at most half are taken.
 */
final class CallTable {

    /** Low bits of a number that say which loop's call it is. */
    static final int LOOP_BITS = 6;

    private static final int PIECE_BITS = 6;
    private static final int PIECE = 1 << PIECE_BITS;

    private final int loop;
    private @Nullable Outgoing[][] pieces = {new @Nullable Outgoing[PIECE]};

    /** Calls in each piece. */
    private int[] taken = new int[1];

    private int size;
    private long nextSequence;

    CallTable(int loop) {
        Require.argument(loop >= 0 && loop < 1 << LOOP_BITS, "loop must be 0..63", loop);
        this.loop = loop;
    }

    /** Gives the call a number and keeps it. */
    long add(Outgoing call) {
        if (size >= length() / 2) {
            grow();
        }
        long sequence = nextFree();
        nextSequence = sequence + 1;
        put(sequence, call);
        size++;
        return sequence << LOOP_BITS | loop;
    }

    private long nextFree() {
        long sequence = nextSequence;
        while (true) {
            int piece = pieceOf(sequence);
            if (cellOf(sequence) == 0 && taken[piece] == 0) {
                pieces[piece] = new @Nullable Outgoing[PIECE];
            }
            if (pieces[piece][cellOf(sequence)] == null) {
                return sequence;
            }
            sequence++;
        }
    }

    private void put(long sequence, Outgoing call) {
        int piece = pieceOf(sequence);
        pieces[piece][cellOf(sequence)] = call;
        taken[piece]++;
    }

    /** The call of that number; null if it has ended or never was. */
    @Nullable Outgoing find(long number) {
        Outgoing call = at(number >>> LOOP_BITS);
        return call != null && call.number == number ? call : null;
    }

    private @Nullable Outgoing at(long sequence) {
        return pieces[pieceOf(sequence)][cellOf(sequence)];
    }

    void remove(Outgoing call) {
        Require.invariant(find(call.number) != null, "a call is removed once", call);
        long sequence = call.number >>> LOOP_BITS;
        int piece = pieceOf(sequence);
        pieces[piece][cellOf(sequence)] = null;
        taken[piece]--;
        size--;
    }

    int size() {
        return size;
    }

    /** How many of a service there are. */
    int count(int service) {
        int[] count = {0};
        forEach(call -> count[0] += call.spec().service() == service ? 1 : 0);
        return count[0];
    }

    /** Visits each call there is now, mostly oldest first; the visitor may remove it. */
    void forEach(Consumer<Outgoing> visitor) {
        if (size == 0) {
            return;
        }
        @Nullable Outgoing[][] seen = pieces;
        int length = length();
        for (long sequence = nextSequence - length; sequence < nextSequence; sequence++) {
            int index = (int) sequence & (length - 1);
            Outgoing call = seen[index >>> PIECE_BITS][cellOf(sequence)];
            if (call != null && !call.isEnded()) {
                visitor.accept(call);
            }
        }
    }

    private int length() {
        return pieces.length << PIECE_BITS;
    }

    private int pieceOf(long sequence) {
        return (int) (sequence >>> PIECE_BITS) & (pieces.length - 1);
    }

    private static int cellOf(long sequence) {
        return (int) sequence & (PIECE - 1);
    }

    private void grow() {
        @Nullable Outgoing[][] old = pieces;
        pieces = new @Nullable Outgoing[2 * old.length][PIECE];
        taken = new int[pieces.length];
        for (@Nullable Outgoing[] piece : old) {
            for (Outgoing call : piece) {
                if (call != null) {
                    put(call.number >>> LOOP_BITS, call);
                }
            }
        }
    }

    @Override
    public String toString() {
        return "calls=" + size + " places=" + length() + " loop=" + loop;
    }
}
