package io.tuli.log;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a changelog, in segments of bytes. One thread. */
final class PackedEntries {

    private static final int NEW_ONES = 3;

    private final List<Segment> segments = new ArrayList<>();

    /** The one entries are added to; null if there is none. */
    private @Nullable Segment newest;

    private long start;
    private long sizeBytes;
    private byte @Nullable [] spare;

    /** What the entries from the start on occupy. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Appends the entry that follows. */
    void add(Entry entry) {
        Segment last = newest;
        int before = last == null ? 0 : last.usedBytes();
        if (last == null || !last.add(entry)) {
            before = 0;
            last = begin(entry.epoch(), entry.offset());
            last.add(entry);
        }
        sizeBytes += last.usedBytes() - before;
    }

    /**
     * Appends an entry that only replaces a document, of the newest one's epoch.
     *
     * @return false where there is none with room for it
     */
    boolean replace(long time, RequestId id, long digest, long caller, Key key, Payload value) {
        Segment last = newest;
        int before = last == null ? 0 : last.usedBytes();
        if (last == null || !last.replace(time, id, digest, caller, key, value)) {
            return false;
        }
        sizeBytes += last.usedBytes() - before;
        return true;
    }

    /** Appends the entry that a reader is at, and that follows. */
    void add(EntryReader entry) {
        Segment last = newest;
        if (last == null || !last.add(entry)) {
            begin(entry.epoch(), entry.offset()).add(entry);
        }
        sizeBytes += entry.sizeBytes();
    }

    /** See {@link Changelog#prefetch}. */
    int prefetch(int depth) {
        Segment last = newest;
        if (last == null) {
            return 0;
        }
        return depth == 1 ? (int) last.first : last.prefetch();
    }

    private Segment begin(Epoch epoch, long offset) {
        if (segments.isEmpty()) {
            start = offset;
        }
        Segment segment = new Segment(epoch, offset, spare);
        spare = null;
        segments.add(segment);
        newest = segment;
        return segment;
    }

    void read(long offset, EntryReader reader) {
        segmentOf(offset).read(offset, reader);
    }

    Epoch epochAt(long offset) {
        return segmentOf(offset).epoch;
    }

    int sizeBytesAt(long offset) {
        return segmentOf(offset).sizeBytes(offset);
    }

    /** Whether the range is known at a glance to be no longer than that. */
    boolean isWithin(long from, long until, long bytesMax) {
        Segment last = newest;
        return last != null
                && from >= last.first
                && from < until
                && last.sizeBytesOf(from, until) <= bytesMax;
    }

    /** Whether the range is so many bytes, or more. */
    boolean isAsLongAs(long from, long until, long bytes) {
        long sum = 0;
        for (int i = indexOf(from); i < segments.size() && sum < bytes; i++) {
            Segment each = segments.get(i);
            if (each.first >= until) {
                break;
            }
            sum += each.sizeBytesOf(Math.max(from, each.first), Math.min(until, each.end()));
        }
        return sum >= bytes;
    }

    private Segment segmentOf(long offset) {
        Segment last = newest;
        return last != null && offset >= last.first ? last : segments.get(indexOf(offset));
    }

    /** Most ask for what is new, so that is looked at first. */
    private int indexOf(long offset) {
        int low = 0;
        int high = segments.size() - 1;
        for (int i = 0; i < NEW_ONES && high > 0; i++) {
            if (segments.get(high).first <= offset) {
                return high;
            }
            high--;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).first <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The entries of a range, which is not empty: where they lie, if they lie together. */
    Entries range(long from, long until) {
        Segment only = segmentOf(from);
        return until <= only.end() ? only.range(from, until) : joined(from, until);
    }

    /** See {@link Changelog#glance}. */
    Entries glance(long from, long until) {
        Segment only = segmentOf(from);
        return only.glance(from, Math.min(until, only.end()));
    }

    /** Those of a range, which is not empty, that {@link Segment#singles} finds together. */
    Entries singles(long from, long until) {
        Segment only = segmentOf(from);
        return only.singles(from, Math.min(until, only.end()));
    }

    private Entries joined(long from, long until) {
        int size = 0;
        int firstIndex = indexOf(from);
        for (int i = firstIndex; i < segments.size() && segments.get(i).first < until; i++) {
            Segment each = segments.get(i);
            size += each.sizeBytesOf(Math.max(from, each.first), Math.min(until, each.end()));
        }
        byte[] bytes = new byte[size];
        int[] ends = new int[(int) (until - from)];
        int[] keyHashes = new int[ends.length];
        int at = 0;
        int count = 0;
        for (int i = firstIndex; i < segments.size() && segments.get(i).first < until; i++) {
            Segment each = segments.get(i);
            long upTo = Math.min(until, each.end());
            for (long offset = Math.max(from, each.first); offset < upTo; offset++) {
                ends[count] = (count == 0 ? 0 : ends[count - 1]) + each.sizeBytes(offset);
                keyHashes[count] = each.keyHash(offset);
                count++;
            }
            at = each.copy(Math.max(from, each.first), upTo, bytes, at);
        }
        return new Entries(bytes, 0, ends, 0, count, keyHashes);
    }

    /** Lets a state expect entries of a range, which is not empty: those of it in one segment. */
    void prefetch(long from, long until, PartitionState state) {
        Segment segment = segmentOf(from);
        Entries entries = segment.glance(from, Math.min(until, segment.end()));
        state.prefetch(entries, 0, entries.size());
    }

    /** Forgets the entries before an offset. */
    void trimTo(long offset) {
        while (start < offset) {
            Segment oldest = segments.get(0);
            long until = Math.min(offset, oldest.end());
            sizeBytes -= oldest.sizeBytesOf(start, until);
            start = until;
            if (start == oldest.end()) {
                spare = oldest.spare();
                remove(0);
            }
        }
    }

    /** Drops the entries from an offset on. */
    void truncateTo(long offset) {
        while (!segments.isEmpty() && segments.getLast().end() > offset) {
            Segment last = segments.getLast();
            sizeBytes -=
                    last.sizeBytesOf(Math.max(offset, Math.max(start, last.first)), last.end());
            if (last.first < offset) {
                last.truncateTo(offset);
            } else {
                remove(segments.size() - 1);
            }
        }
    }

    private void remove(int index) {
        segments.remove(index);
        newest = segments.isEmpty() ? null : segments.getLast();
    }

    void clear() {
        segments.clear();
        newest = null;
        sizeBytes = 0;
    }
}
