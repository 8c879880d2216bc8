package io.tuli.lifetime;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Which documents are to be looked at, and when: a hierarchical timing wheel (Varghese and Lauck,
 * 1987) of hashes of keys. It knows no times: whoever takes a hash out of it looks up until when
 * its documents are there, and puts back what is not due, or not due yet. So a document that is
 * renewed stays where it is, and is looked at a few times in its life. One thread.
 *
 * <p>{@value #LEVELS} levels of {@value #SLOTS} slots, the narrowest of 128 ms. A phase of its own
 * keeps wheels of many partitions from turning their wider slots over in one moment.
 */
public final class ExpiryWheel {

    private static final int LEVELS = 5;
    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int TICK_BITS = 7;
    private static final int FIRST_HASHES = 4;
    private static final int[] NONE = {};

    /**
     * After a leap as long as this all is looked at: to turn on tick by tick takes longer. And
     * after one back, because what is behind now would not come for as long.
     */
    private static final long LEAP_TICKS = 1L << (3 * SLOT_BITS);

    private final int[][] slots = new int[LEVELS * SLOTS][];
    private final int[] counts = new int[LEVELS * SLOTS];
    private final ArrayDeque<int[]> due = new ArrayDeque<>();
    private final long phase;
    private int dueAt;
    private int size;

    /** All before it has been taken out; in ticks, the phase included. */
    private long now;

    /**
     * @param phase in slots of the narrowest level
     * @param nowMillis since 1970
     */
    public ExpiryWheel(int phase, long nowMillis) {
        Arrays.fill(slots, NONE);
        this.phase = phase;
        this.now = tickOf(nowMillis);
    }

    /** How many hashes it holds; one may be there several times. */
    public int size() {
        return size;
    }

    public void clear() {
        Arrays.fill(slots, NONE);
        Arrays.fill(counts, 0);
        due.clear();
        dueAt = 0;
        size = 0;
    }

    /** Time has passed: what was to be looked at by then is {@link #next next}. */
    public void advance(long millis) {
        long target = tickOf(millis);
        if (target < now || target - now >= LEAP_TICKS) {
            for (int slot = 0; slot < slots.length; slot++) {
                take(slot);
            }
            now = target;
        }
        while (now < target) {
            now++;
            take((int) (now & (SLOTS - 1)));
            for (int level = 1; level < LEVELS && isTurn(level); level++) {
                take(level * SLOTS + slotAt(level, now));
            }
        }
    }

    private long tickOf(long millis) {
        return (millis >> TICK_BITS) + phase;
    }

    /** Whether a slot of that level begins now. */
    private boolean isTurn(int level) {
        return (now & ((1L << (level * SLOT_BITS)) - 1)) == 0;
    }

    private static int slotAt(int level, long tick) {
        return (int) (tick >> (level * SLOT_BITS)) & (SLOTS - 1);
    }

    private void take(int slot) {
        int[] hashes = slots[slot];
        if (hashes.length > 0) {
            int count = counts[slot];
            int[] taken = distinct(Arrays.copyOf(hashes, count));
            size -= count - taken.length;
            due.add(taken);
            slots[slot] = NONE;
            counts[slot] = 0;
        }
    }

    private static int[] distinct(int[] hashes) {
        Arrays.sort(hashes);
        int count = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[count++] = hashes[i];
            }
        }
        return Arrays.copyOf(hashes, count);
    }

    /** Documents whose keys have this hash are to be looked at by then, or a little later. */
    public void add(int hash, long untilMillis) {
        long tick = Math.max(tickOf(untilMillis) + 1, now + 1);
        long ahead = Math.min(tick - now, (1L << (LEVELS * SLOT_BITS)) - 1);
        int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(ahead)) / SLOT_BITS;
        put(level * SLOTS + slotAt(level, now + ahead), hash);
    }

    private void put(int slot, int hash) {
        int[] hashes = slots[slot];
        int count = counts[slot];
        if (hashes.length == 0) {
            hashes = new int[FIRST_HASHES];
        } else if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count] = hash;
        slots[slot] = hashes;
        counts[slot] = count + 1;
        size++;
    }

    /** Whether there is something to be looked at now. */
    public boolean hasNext() {
        return !due.isEmpty();
    }

    /** Takes out the next hash to be looked at. */
    public int next() {
        int[] first = due.element();
        int hash = first[dueAt++];
        size--;
        if (dueAt == first.length) {
            due.remove();
            dueAt = 0;
        }
        return hash;
    }

    /** For how long nothing is to be looked at, as far as that can be told; no more than this. */
    public long restMillis(long most) {
        if (!due.isEmpty()) {
            return 0;
        }
        if (size == 0) {
            return most;
        }
        long next = now + (most >> TICK_BITS) + 1;
        for (int level = 0; level < LEVELS; level++) {
            long begin = now >> (level * SLOT_BITS);
            for (int i = 1; i <= SLOTS; i++) {
                long turn = (begin + i) << (level * SLOT_BITS);
                if (turn >= next) {
                    break;
                }
                if (counts[level * SLOTS + ((int) (begin + i) & (SLOTS - 1))] > 0) {
                    next = turn;
                }
            }
        }
        return Math.min(most, (next - now) << TICK_BITS);
    }
}
