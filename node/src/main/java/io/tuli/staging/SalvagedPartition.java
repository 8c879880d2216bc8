package io.tuli.staging;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.bytes.MalformedException;
import io.tuli.log.Entries;
import io.tuli.log.EntryReader;
import io.tuli.protocol.Frame;
import io.tuli.replica.KeptPartition;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What can be had of one partition from a journal with holes: a record that does not go on from
 * what is there is left out, and all that follow it, until there is a whole replica again. One
 * thread.
 */
final class SalvagedPartition {

    private final EntryReader reader = new EntryReader();

    /** Which epoch begins at which offset. */
    private final NavigableMap<Long, Epoch> epochs = new TreeMap<>();

    private final NavigableMap<Long, Epoch> coming = new TreeMap<>();
    private KeptPartition kept = new KeptPartition();
    private LogPosition start = LogPosition.START;
    private long end;
    private long comingEnd;
    private long seenEnd;

    void add(Frame.OfPartition record) {
        switch (record) {
            case Frame.Append append -> append(append);
            case Frame.SnapshotPart part -> {
                if (part.index() == 0) {
                    coming.clear();
                    comingEnd = part.at().offset();
                }
                for (Entries piece : part.content().tail()) {
                    comingEnd = Math.max(comingEnd, note(piece, part.at().offset(), coming));
                }
                kept.add(part);
            }
            case Frame.SnapshotTaken taken -> installed(taken);
            default -> kept.add(record);
        }
    }

    private void append(Frame.Append append) {
        long from = append.prev().offset();
        seenEnd = from + append.entries().size();
        if (has(append.prev())) {
            epochs.tailMap(from, true).clear();
            end = from;
            end = Math.max(end, note(append.entries(), from, epochs));
            kept.add(append);
        }
    }

    /** Notes the epochs of entries from that offset on; answers where they end. */
    private long note(Entries entries, long from, NavigableMap<Long, Epoch> into) {
        long until = from;
        for (int i = 0; i < entries.size(); i++) {
            entries.read(i, reader);
            if (reader.offset() >= from) {
                until = reader.offset() + 1;
                var last = into.lastEntry();
                if (last == null || !last.getValue().equals(reader.epoch())) {
                    into.put(reader.offset(), reader.epoch());
                }
            }
        }
        return until;
    }

    /** Whether the changelog, as far as it could be read, ends or goes through there. */
    private boolean has(LogPosition position) {
        if (position.offset() < start.offset() || position.offset() > end) {
            return false;
        }
        if (position.offset() == start.offset()) {
            return position.epoch().equals(start.epoch());
        }
        var of = epochs.floorEntry(position.offset() - 1);
        return of != null && of.getValue().equals(position.epoch());
    }

    /** Of a replica whose parts are not all there what was before it is better than nothing. */
    private void installed(Frame.SnapshotTaken taken) {
        try {
            kept.add(taken);
        } catch (MalformedException partly) {
            seenEnd = Math.max(seenEnd, taken.at().offset());
            return;
        }
        start = taken.at();
        epochs.clear();
        end = start.offset();
        if (taken.index() > 0) {
            epochs.putAll(coming);
            end = Math.max(end, comingEnd);
        }
        seenEnd = end;
        coming.clear();
    }

    /** All there is was put once more. */
    void moved(int service, int partition, KeptPartition whole) {
        kept = new KeptPartition();
        epochs.clear();
        whole.forEach(service, partition, this::add);
    }

    KeptPartition kept() {
        return kept;
    }

    /** Where what could be read ends. */
    long end() {
        return end;
    }

    /** How many entries are known to be missing behind that. */
    long missing() {
        return Math.max(0, seenEnd - end);
    }
}
