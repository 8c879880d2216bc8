package io.tuli.log;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.error.Require;
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
 * <p>Entries are bytes, in the form in which they travel; they become objects where somebody asks
 * for that.
 */
public final class Changelog {

    private final Lineage lineage = new Lineage();
    private final PackedEntries packed = new PackedEntries();
    private LogPosition start = LogPosition.START;
    private long end;

    /** The epoch of the newest entry, or that of the start. */
    private Epoch lastEpoch = Epoch.ZERO;

    /** Entries from here on are of that epoch; others may be, too. */
    private long lastEpochFrom;

    /** The position before the oldest entry kept. */
    public LogPosition start() {
        return start;
    }

    /** The position after the newest entry. */
    public LogPosition end() {
        return new LogPosition(lastEpoch, end);
    }

    public long endOffset() {
        return end;
    }

    /** The epochs it went through, those of trimmed entries included. */
    public Lineage lineage() {
        return lineage;
    }

    /** The state is about to be another's: {@link #resetTo} follows at once. */
    public void resetting() {
        lineage.withhold();
    }

    /** What the entries kept occupy. */
    public long sizeBytes() {
        return packed.sizeBytes();
    }

    public int count() {
        return (int) (end - start.offset());
    }

    /** The entry at an offset in {@code [start, end)}. */
    public Entry at(long offset) {
        EntryReader reader = new EntryReader();
        read(offset, reader);
        return reader.entry();
    }

    /** Points a reader at the entry at an offset in {@code [start, end)}. */
    public void read(long offset, EntryReader of) {
        requireKept(offset);
        packed.read(offset, of);
    }

    /** Tells a state that entries of a range, which is not empty and in here, are put next. */
    public void prefetch(long from, long until, PartitionState state) {
        packed.prefetch(from, until, state);
    }

    /** The epoch of the entry at an offset in {@code [start, end)}. */
    public Epoch epochAt(long offset) {
        requireKept(offset);
        return offset >= lastEpochFrom ? lastEpoch : packed.epochAt(offset);
    }

    private void requireKept(long offset) {
        Require.invariant(offset >= start.offset() && offset < end, "offset is in the log", offset);
    }

    /** The position of that offset, which lies in {@code [start, end]}. */
    public LogPosition positionAt(long offset) {
        if (offset == start.offset()) {
            return start;
        }
        return offset == end ? end() : new LogPosition(epochAt(offset - 1), offset);
    }

    /** Whether everything before the position is what this log holds, or held, there. */
    public boolean contains(LogPosition position) {
        long offset = position.offset();
        if (offset < start.offset() || offset > end) {
            return false;
        }
        Epoch epoch = offset == start.offset() ? start.epoch() : epochAt(offset - 1);
        return epoch.equals(position.epoch());
    }

    /** Appends an entry whose offset is the end and whose epoch is not before the last one's. */
    public void append(Entry entry) {
        requireNext(entry.offset(), entry.epoch());
        packed.add(entry);
        appended(entry.epoch());
    }

    /**
     * Appends an entry of the newest epoch that only replaces a document, as most do: without an
     * object for it.
     *
     * @return false where a segment begins: it is to be appended as an {@link Entry} then
     */
    public boolean replace(
            long time, RequestId id, long digest, long caller, Key key, Payload value) {
        if (!packed.replace(time, id, digest, caller, key, value)) {
            return false;
        }
        appended(lastEpoch);
        return true;
    }

    /** Appends the entry a reader is at; the same is asked of it. */
    public void append(EntryReader entry) {
        requireNext(entry.offset(), entry.epoch());
        packed.add(entry);
        appended(entry.epoch());
    }

    /** Whether the next entry may be of that epoch: they never decrease. */
    public boolean mayEndIn(Epoch epoch) {
        return !lastEpoch.isAfter(epoch);
    }

    /** Reads what the next entry appended will touch, so far as it lies that deep: 0, 1 or 2. */
    public int prefetch(int depth) {
        return depth > 0
                ? packed.prefetch(depth)
                : (int) packed.sizeBytes() + (int) start.offset() + lastEpoch.number();
    }

    private void requireNext(long offset, Epoch epoch) {
        Require.invariant(offset == end, "an entry is appended at the end", offset);
        Require.invariant(mayEndIn(epoch), "epochs never decrease", epoch);
    }

    private void appended(Epoch epoch) {
        if (!epoch.equals(lastEpoch) || end == lastEpochFrom) {
            lineage.appended(epoch, end);
            lastEpoch = epoch;
            lastEpochFrom = end;
        }
        end++;
    }

    /**
     * Entries from an offset in {@code [start, end]}, at most that many and about that many bytes,
     * at least one if any; as objects.
     */
    public List<Entry> slice(long from, long until, int bytesMax) {
        long to = endOfSlice(from, until, bytesMax);
        List<Entry> slice = new ArrayList<>((int) (to - from));
        for (long offset = from; offset < to; offset++) {
            slice.add(at(offset));
        }
        return slice;
    }

    /** The same as bytes. */
    public Entries range(long from, long until, int bytesMax) {
        long to = endOfSlice(from, until, bytesMax);
        return to == from ? Entries.NONE : packed.range(from, to);
    }

    /**
     * The first entries of a range, which is not empty: those that lie together. For now: the next
     * change here may write to their bytes.
     */
    public Entries glance(long from, long until) {
        requireKept(from);
        return packed.glance(from, Math.min(until, end));
    }

    /** Whether the entries of a range, which may be empty, are fewer bytes than that. */
    public boolean isShorter(long from, long until, int bytes) {
        return from >= until
                || packed.isWithin(from, until, bytes - 1)
                || !packed.isAsLongAs(from, until, bytes);
    }

    /**
     * A copy of entries from an offset on, before another and at most that many, where each is one
     * edit and they lie together; nothing where that is not known at a glance.
     */
    public Entries singles(long from, long until, int countMax) {
        long to = Math.min(Math.min(until, end), from + countMax);
        return to <= from ? Entries.NONE : packed.singles(from, to);
    }

    private long endOfSlice(long from, long until, int bytesMax) {
        long most = Math.min(until, end);
        if (packed.isWithin(from, most, bytesMax)) {
            return most;
        }
        long to = from;
        long bytes = 0;
        while (to < most && bytes < bytesMax) {
            bytes += packed.sizeBytesAt(to);
            to++;
        }
        return to;
    }

    /**
     * The last entries before an offset in {@code [start, end]}, about that many bytes of them, as
     * bytes, in pieces of about so many.
     */
    public List<Entries> lastBefore(long until, int bytesMax, int pieceBytes) {
        long from = until;
        int bytes = 0;
        while (from > start.offset() && bytes < bytesMax) {
            from--;
            bytes += packed.sizeBytesAt(from);
        }
        return pieces(from, until, pieceBytes);
    }

    /** Entries from an offset in {@code [start, end]} on, in pieces of about so many bytes. */
    public List<Entries> pieces(long from, long until, int pieceBytes) {
        List<Entries> pieces = new ArrayList<>();
        long at = from;
        while (at < until) {
            Entries piece = range(at, until, pieceBytes);
            pieces.add(piece);
            at += piece.size();
        }
        return pieces;
    }

    /** Drops the suffix from an offset on; answers what was dropped, oldest first. */
    public List<Entry> truncateTo(long offset) {
        List<Entry> dropped = slice(offset, end, Integer.MAX_VALUE);
        if (offset < end) {
            LogPosition position = positionAt(offset);
            packed.truncateTo(offset);
            end = offset;
            lastEpoch = position.epoch();
            lastEpochFrom = offset;
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
            excess -= packed.sizeBytesAt(to);
            to++;
        }
        if (to > from) {
            start = positionAt(to);
            packed.trimTo(to);
        }
    }

    /**
     * Forgets everything: the log now begins, empty, at a position reached by other means.
     *
     * @param epochs it went through, and perhaps others after the position
     */
    public void resetTo(LogPosition position, List<LogPosition> epochs) {
        lineage.resetTo(epochs);
        lineage.truncateTo(position.offset());
        packed.clear();
        start = position;
        end = position.offset();
        lastEpoch = position.epoch();
        lastEpochFrom = end;
    }

    /**
     * Puts entries before the start of this log, which is empty: those of a tail that lie before
     * it, and end where it begins. Of the first one only its place is kept, unless nothing lies
     * before it, because the place before it is not known.
     */
    public void prepend(List<Entries> tail, EntryReader reader) {
        Require.invariant(count() == 0, "a tail is put before an empty log", start);
        LogPosition reached = start;
        boolean isFirst = true;
        for (Entries entries : tail) {
            for (int i = 0; i < entries.size(); i++) {
                entries.read(i, reader);
                if (reader.offset() < end) {
                    reached = new LogPosition(reader.epoch(), reader.offset() + 1);
                    if (isFirst) {
                        start = reader.offset() == 0 ? LogPosition.START : reached;
                    }
                    if (!isFirst || reader.offset() == 0) {
                        packed.add(reader);
                    }
                    isFirst = false;
                }
            }
        }
        Require.invariant(reached.equals(end()), "a tail ends at the start", reached);
    }
}
