package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What only this member's changelog has, where it has parted from the owner's: the entries after
 * the fork, or where those are trimmed, the documents changed since as if each had been set anew.
 */
final class Parting {

    private final Copy copy;
    private final long fork;

    Parting(Copy copy, List<LogPosition> lineage, long end) {
        this.copy = copy;
        this.fork = copy.log.lineage().partsFrom(copy.log.endOffset(), lineage, end);
    }

    long fork() {
        return fork;
    }

    /** About one frame of it, from an offset on. */
    Frame.Recalled answer(Frame.Recall recall, int frameBytes) {
        List<Entry> entries = from(Math.max(fork, recall.from()), frameBytes);
        long next =
                entries.isEmpty()
                        ? copy.log.endOffset()
                        : entries.get(entries.size() - 1).offset() + 1;
        boolean last = entries.isEmpty() || from(next, 1).isEmpty();
        return new Frame.Recalled(
                copy.service(), copy.partition, recall.epoch(), fork, next, last, entries);
    }

    /** All of it. */
    List<Entry> all() {
        return from(fork, Integer.MAX_VALUE);
    }

    private List<Entry> from(long offset, int bytesMax) {
        return offset >= copy.log.start().offset()
                ? copy.log.slice(offset, copy.log.endOffset(), bytesMax)
                : documentsFrom(offset, bytesMax);
    }

    private List<Entry> documentsFrom(long offset, int bytesMax) {
        List<Entry> changed = new ArrayList<>();
        copy.state.forEach(
                (key, stored) -> {
                    if (stored.offset() >= offset) {
                        Edit edit = Edit.update(Key.of(key), stored.document());
                        changed.add(
                                new Entry(
                                        copy.log.start().epoch(),
                                        stored.offset(),
                                        stored.time(),
                                        RequestId.NONE,
                                        List.of(edit),
                                        Payload.NONE,
                                        List.of()));
                    }
                });
        changed.sort(Comparator.comparingLong(Entry::offset));
        return firstOf(changed, bytesMax);
    }

    /** As many as fit, but never some of those of one offset without the others. */
    private static List<Entry> firstOf(List<Entry> entries, int bytesMax) {
        long bytes = 0;
        int count = 0;
        while (count < entries.size()) {
            boolean isNextOffset =
                    count > 0 && entries.get(count).offset() != entries.get(count - 1).offset();
            if (bytes >= bytesMax && isNextOffset) {
                break;
            }
            bytes += entries.get(count++).sizeBytes();
        }
        return entries.subList(0, count);
    }
}
