package io.tuli.outage;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the records of one partition amount to: which places its changelog has, and what was
 * promised. Worked out anew, not by the code that ships. One thread.
 */
final class KeptModel {

    /** The epoch of each entry by its offset, from where it is known. */
    private final NavigableMap<Long, Epoch> entries = new TreeMap<>();

    private LogPosition start = LogPosition.START;
    private Epoch promised = Epoch.ZERO;

    /** Of a snapshot on its way: the entries after its place. */
    private final NavigableMap<Long, Epoch> coming = new TreeMap<>();

    void add(Frame.OfPartition record) {
        switch (record) {
            case Frame.Promise promise -> promised(promise.epoch());
            case Frame.Append append -> {
                promised(append.epoch());
                entries.tailMap(append.prev().offset(), true).clear();
                put(append.entries(), append.prev().offset(), entries);
            }
            case Frame.SnapshotPart part -> {
                if (part.index() == 0) {
                    coming.clear();
                }
                for (Entries piece : part.content().tail()) {
                    put(piece, part.at().offset(), coming);
                }
            }
            case Frame.SnapshotTaken taken -> {
                promised(taken.epoch());
                entries.clear();
                if (taken.index() > 0) {
                    entries.putAll(coming);
                }
                start = taken.at();
            }
            default -> throw new IllegalArgumentException("no record: " + record);
        }
    }

    private static void put(Entries from, long first, NavigableMap<Long, Epoch> into) {
        for (Entry entry : from.list()) {
            if (entry.offset() >= first) {
                into.put(entry.offset(), entry.epoch());
            }
        }
    }

    private void promised(Epoch epoch) {
        promised = epoch.isAfter(promised) ? epoch : promised;
    }

    Epoch promised() {
        Epoch last = end().epoch();
        return last.isAfter(promised) ? last : promised;
    }

    LogPosition end() {
        return entries.isEmpty()
                ? start
                : new LogPosition(entries.lastEntry().getValue(), entries.lastKey() + 1);
    }

    /** Whether it has everything before the position; of what a snapshot replaced nobody knows. */
    boolean has(LogPosition position) {
        if (position.offset() <= start.offset()) {
            return position.offset() < start.offset() || position.equals(start);
        }
        return position.epoch().equals(entries.get(position.offset() - 1));
    }
}
