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
 *
 * <p>The newest entries are objects; older ones are bytes, see {@link #pack}, and become objects
 * again where somebody asks for them.
 */
public final class Changelog {

    private static final int FIRST_CAPACITY = 16;

    private final Lineage lineage = new Lineage();
    private final PackedEntries packed = new PackedEntries();
    private Entry[] ring = new Entry[FIRST_CAPACITY];
    private int[] ringSizes = new int[FIRST_CAPACITY];
    private long ringBytes;
    private LogPosition start = LogPosition.START;

    /** Entries before this offset are packed. */
    private long packedEnd;

    private long end;

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

    /** Roughly what the entries kept occupy. */
    public long sizeBytes() {
        return packed.sizeBytes() + ringBytes;
    }

    public int count() {
        return (int) (end - start.offset());
    }

    /** The entry at an offset in {@code [start, end)}. */
    public Entry at(long offset) {
        requireKept(offset);
        return offset < packedEnd ? packed.at(offset) : ring[cell(offset)];
    }

    /** The epoch of the entry at an offset in {@code [start, end)}. */
    public Epoch epochAt(long offset) {
        requireKept(offset);
        return offset < packedEnd ? packed.epochAt(offset) : ring[cell(offset)].epoch();
    }

    private int sizeBytesAt(long offset) {
        return offset < packedEnd ? packed.sizeBytesAt(offset) : ringSizes[cell(offset)];
    }

    private void requireKept(long offset) {
        Require.invariant(offset >= start.offset() && offset < end, "offset is in the log", offset);
    }

    private int cell(long offset) {
        return (int) offset & (ring.length - 1);
    }

    /** The place of that offset, which lies in {@code [start, end]}. */
    public LogPosition positionAt(long offset) {
        return offset == start.offset() ? start : new LogPosition(epochAt(offset - 1), offset);
    }

    /** Whether everything before the place is what this log holds, or held, there. */
    public boolean contains(LogPosition place) {
        long offset = place.offset();
        if (offset < start.offset() || offset > end) {
            return false;
        }
        Epoch epoch = offset == start.offset() ? start.epoch() : epochAt(offset - 1);
        return epoch.equals(place.epoch());
    }

    /** Appends an entry whose offset is the end and whose epoch is not before the last one's. */
    public void append(Entry entry) {
        Require.invariant(entry.offset() == end, "an entry is appended at the end", entry.offset());
        Epoch last = end == start.offset() ? start.epoch() : epochAt(end - 1);
        Require.invariant(!last.isAfter(entry.epoch()), "epochs never decrease", entry.epoch());
        if (end - packedEnd == ring.length) {
            enlarge();
        }
        int size = entry.sizeBytes();
        ring[cell(end)] = entry;
        ringSizes[cell(end)] = size;
        lineage.appended(entry.epoch(), end);
        end++;
        ringBytes += size;
    }

    private void enlarge() {
        Entry[] larger = new Entry[ring.length * 2];
        int[] largerSizes = new int[larger.length];
        for (long offset = packedEnd; offset < end; offset++) {
            int to = (int) offset & (larger.length - 1);
            larger[to] = ring[cell(offset)];
            largerSizes[to] = ringSizes[cell(offset)];
        }
        ring = larger;
        ringSizes = largerSizes;
    }

    /**
     * Packs the entries before an offset, which are committed: they are no longer changed and
     * seldom asked for. Call it once everybody has been told of them.
     */
    public void pack(long until) {
        while (packedEnd < until) {
            packed.add(ring[cell(packedEnd)]);
            ringBytes -= ringSizes[cell(packedEnd)];
            release(packedEnd);
            packedEnd++;
        }
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
            bytes += sizeBytesAt(from);
        }
        return slice(from, until, Integer.MAX_VALUE);
    }

    /**
     * Drops the suffix after a place that is not packed; answers what was dropped, oldest first.
     */
    public List<Entry> truncateTo(long offset) {
        Require.invariant(offset >= packedEnd, "packed entries are never truncated", offset);
        List<Entry> dropped = new ArrayList<>(slice(offset, end, Integer.MAX_VALUE));
        while (end > offset) {
            end--;
            ringBytes -= ringSizes[cell(end)];
            release(end);
        }
        lineage.truncateTo(offset);
        return dropped;
    }

    /** Forgets the oldest entries before an offset, as long as the log is larger than that. */
    public void trim(long until, long keepBytes) {
        long from = start.offset();
        long to = from;
        long excess = sizeBytes() - keepBytes;
        while (to < Math.min(until, end) && excess > 0) {
            excess -= sizeBytesAt(to);
            to++;
        }
        if (to > from) {
            start = positionAt(to);
            pack(Math.min(to, end));
            packed.trimTo(to);
        }
    }

    /**
     * Forgets everything: the log now begins, empty, at a place reached by other means.
     *
     * @param epochs it went through, and perhaps others after the place
     */
    public void resetTo(LogPosition place, List<LogPosition> epochs) {
        lineage.resetTo(epochs);
        lineage.truncateTo(place.offset());
        ring = new Entry[FIRST_CAPACITY];
        ringSizes = new int[FIRST_CAPACITY];
        ringBytes = 0;
        packed.clear();
        start = place;
        end = place.offset();
        packedEnd = end;
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
        start = isWhole ? LogPosition.START : tail.getFirst().position();
        for (Entry entry : isWhole ? tail : tail.subList(1, tail.size())) {
            packed.add(entry);
        }
    }

    @SuppressWarnings("NullAway") // a free cell holds nothing; at() never reads one
    private void release(long offset) {
        ring[cell(offset)] = null;
    }
}
