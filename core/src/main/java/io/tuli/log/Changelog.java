package io.tuli.log;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * The append-only sequence of entries of one partition, the older part of which may have been
 * trimmed.
 *
 * <p>One thread. Invariants: entries are contiguous in offset from {@code start} to {@code end};
 * epochs never decrease; {@code sizeBytes} is the sum over the entries kept. Two logs that both
 * contain a position are equal up to it, because only one member appends in an epoch and followers
 * append only after what they already have (the log matching property of Raft: Ongaro and
 * Ousterhout, 2014, section 5.3).
 */
public final class Changelog {

    private static final int FIRST_CAPACITY = 16;

    private Entry[] ring = new Entry[FIRST_CAPACITY];
    private final Lineage lineage = new Lineage();
    private LogPosition start = LogPosition.START;
    private long end;
    private long sizeBytes;

    /** The place before the oldest entry kept. */
    public LogPosition start() {
        return start;
    }

    /** The place after the newest entry. */
    public LogPosition end() {
        return positionAt(end);
    }

    public long endOffset() {
        return end;
    }

    /** The epochs it went through, those of trimmed entries included. */
    public Lineage lineage() {
        return lineage;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public int count() {
        return (int) (end - start.offset());
    }

    /** The entry at an offset in {@code [start, end)}. */
    public Entry at(long offset) {
        Require.invariant(offset >= start.offset() && offset < end, "offset is in the log", offset);
        return ring[(int) offset & (ring.length - 1)];
    }

    /** The place of that offset, which lies in {@code [start, end]}. */
    public LogPosition positionAt(long offset) {
        return offset == start.offset() ? start : at(offset - 1).position();
    }

    /** Whether everything before the place is what this log holds, or held, there. */
    public boolean contains(LogPosition place) {
        if (place.offset() < start.offset() || place.offset() > end) {
            return false;
        }
        return positionAt(place.offset()).epoch().equals(place.epoch());
    }

    /** Appends an entry whose offset is the end and whose epoch is not before the last one's. */
    public void append(Entry entry) {
        Require.invariant(entry.offset() == end, "an entry is appended at the end", entry.offset());
        Epoch last = end().epoch();
        Require.invariant(!last.isAfter(entry.epoch()), "epochs never decrease", entry.epoch());
        if (count() == ring.length) {
            grow();
        }
        ring[(int) end & (ring.length - 1)] = entry;
        lineage.appended(entry.epoch(), end);
        end++;
        sizeBytes += entry.sizeBytes();
    }

    private void grow() {
        Entry[] larger = new Entry[ring.length * 2];
        for (long offset = start.offset(); offset < end; offset++) {
            larger[(int) offset & (larger.length - 1)] = at(offset);
        }
        ring = larger;
    }

    /**
     * Entries from an offset in {@code [start, end]}, at most that many and about that many bytes,
     * at least one if any.
     */
    public List<Entry> slice(long from, long until, int bytesMax) {
        List<Entry> slice = new ArrayList<>((int) Math.max(0, Math.min(until - from, 64)));
        int bytes = 0;
        for (long offset = from; offset < Math.min(until, end) && bytes < bytesMax; offset++) {
            Entry entry = at(offset);
            slice.add(entry);
            bytes += entry.sizeBytes();
        }
        return slice;
    }

    /** The last entries before an offset in {@code [start, end]}, about that many bytes of them. */
    public List<Entry> lastBefore(long until, int bytesMax) {
        long from = until;
        int bytes = 0;
        while (from > start.offset() && bytes < bytesMax) {
            from--;
            bytes += at(from).sizeBytes();
        }
        return slice(from, until, Integer.MAX_VALUE);
    }

    /** Drops the suffix after a place in the log; answers what was dropped, oldest first. */
    public List<Entry> truncateTo(long offset) {
        List<Entry> dropped = new ArrayList<>(slice(offset, end, Integer.MAX_VALUE));
        while (end > offset) {
            end--;
            sizeBytes -= ring[(int) end & (ring.length - 1)].sizeBytes();
            release(end);
        }
        lineage.truncateTo(offset);
        return dropped;
    }

    /** Forgets entries before an offset. */
    public void trimTo(long offset) {
        while (start.offset() < Math.min(offset, end)) {
            Entry oldest = at(start.offset());
            sizeBytes -= oldest.sizeBytes();
            release(oldest.offset());
            start = oldest.position();
        }
    }

    /** Forgets everything: the log now begins, empty, at a place reached by other means. */
    public void resetTo(LogPosition place, List<LogPosition> epochs) {
        lineage.resetTo(epochs);
        ring = new Entry[FIRST_CAPACITY];
        start = place;
        end = place.offset();
        sizeBytes = 0;
    }

    /**
     * Puts entries before the start of this log, which is empty: they end where it begins. Of the
     * first one only its place is kept, unless nothing lies before it, because the place before it
     * is not known.
     */
    public void prepend(List<Entry> tail) {
        if (tail.isEmpty()) {
            return;
        }
        LogPosition until = tail.getLast().position();
        Require.invariant(count() == 0 && until.equals(start), "a tail ends at the start", until);
        boolean isWhole = tail.getFirst().offset() == 0;
        List<Entry> kept = isWhole ? tail : tail.subList(1, tail.size());
        start = isWhole ? LogPosition.START : tail.getFirst().position();
        while (ring.length < kept.size()) {
            ring = new Entry[ring.length * 2];
        }
        for (Entry entry : kept) {
            ring[(int) entry.offset() & (ring.length - 1)] = entry;
            sizeBytes += entry.sizeBytes();
        }
    }

    @SuppressWarnings("NullAway") // a free cell holds nothing; at() never reads one
    private void release(long offset) {
        ring[(int) offset & (ring.length - 1)] = null;
    }
}
