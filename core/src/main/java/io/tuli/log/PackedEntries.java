package io.tuli.log;

import io.tuli.Epoch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The older part of a changelog, in segments of bytes. One thread. */
final class PackedEntries {

    private final List<Segment> segments = new ArrayList<>();
    private long start;
    private long sizeBytes;
    private byte @Nullable [] spare;

    /** What the entries from the start on occupy. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Appends the entry that follows. */
    void add(Entry entry) {
        if (segments.isEmpty()) {
            start = entry.offset();
        }
        Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        int before = last == null ? 0 : last.usedBytes();
        if (last == null || !last.add(entry)) {
            before = 0;
            last = new Segment(entry.epoch(), entry.offset(), spare);
            spare = null;
            segments.add(last);
            last.add(entry);
        }
        sizeBytes += last.usedBytes() - before;
    }

    Entry at(long offset) {
        return segmentOf(offset).at(offset);
    }

    Epoch epochAt(long offset) {
        return segmentOf(offset).epoch;
    }

    int sizeBytesAt(long offset) {
        return segmentOf(offset).sizeBytes(offset);
    }

    private Segment segmentOf(long offset) {
        int low = 0;
        int high = segments.size() - 1;
        if (offset >= segments.get(high).first) {
            return segments.get(high);
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).first <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return segments.get(low);
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
                segments.remove(0);
            }
        }
    }

    void clear() {
        segments.clear();
        sizeBytes = 0;
    }
}
