package io.tuli.outage;

import io.tuli.LogPosition;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import java.util.HashSet;
import java.util.Set;

/** Which places of one partition have ever been synced on a disk. One thread. */
final class SyncedPlaces {

    private final Set<LogPosition> places = new HashSet<>();

    /** What a snapshot brought ends there; of what came before nobody knows. */
    private long unknownUntil;

    void add(Frame.OfPartition record) {
        switch (record) {
            case Frame.Append append -> addAll(append.entries());
            case Frame.SnapshotPart part -> part.content().tail().forEach(this::addAll);
            case Frame.SnapshotTaken taken ->
                    unknownUntil = Math.max(unknownUntil, taken.at().offset());
            default -> {}
        }
    }

    private void addAll(Entries entries) {
        for (Entry entry : entries.list()) {
            places.add(entry.position());
        }
    }

    boolean has(LogPosition position) {
        return position.offset() <= unknownUntil || places.contains(position);
    }
}
