package io.tuli.machine;

import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Reserved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that handlers emit to other services: sent when the entry that decided them is
 * committed, under an identity that follows from the entry, so that sending one twice executes it
 * once.
 */
public final class Emissions {

    private final Partition partition;
    private final Effects effects;
    private final Map<Long, List<Decision.Emitted>> byOffset = new HashMap<>();

    public Emissions(Partition partition, Effects effects) {
        this.partition = partition;
        this.effects = effects;
    }

    public void add(Entry entry, List<Decision.Emitted> emitted) {
        if (!emitted.isEmpty()) {
            byOffset.put(entry.offset(), emitted);
        }
    }

    /** What lies between two offsets is committed. */
    public void committed(long from, long until) {
        for (long offset = from; offset < until && !byOffset.isEmpty(); offset++) {
            List<Decision.Emitted> emitted = byOffset.remove(offset);
            if (emitted != null) {
                for (int i = 0; i < emitted.size(); i++) {
                    effects.observer().emit(emitted.get(i), identity(offset, i));
                }
            }
        }
    }

    private RequestId identity(long offset, int index) {
        LogPosition position = partition.log().positionAt(offset + 1);
        return Reserved.ofTurn(
                partition.spec().name() + "/" + partition.number() + "/" + position + "/" + index);
    }
}
