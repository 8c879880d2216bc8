package io.tuli.replica;

import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that handlers emit to other services: sent when the entry that decided them is
 * committed, under an identity that follows from the entry, so that sending one twice executes it
 * once.
 */
final class Emissions {

    private final Copy copy;
    private final Effects effects;
    private final Map<Long, List<Decision.Emitted>> byOffset = new HashMap<>();

    Emissions(Copy copy, Effects effects) {
        this.copy = copy;
        this.effects = effects;
    }

    void add(Entry entry, List<Decision.Emitted> emitted) {
        if (!emitted.isEmpty()) {
            byOffset.put(entry.offset(), emitted);
        }
    }

    void committed(Entry entry) {
        List<Decision.Emitted> emitted =
                byOffset.isEmpty() ? null : byOffset.remove(entry.offset());
        if (emitted != null) {
            for (int i = 0; i < emitted.size(); i++) {
                effects.emit(emitted.get(i), identity(entry, i));
            }
        }
    }

    private RequestId identity(Entry entry, int index) {
        return RequestId.named(
                copy.spec.name() + "/" + copy.partition + "/" + entry.position() + "/" + index);
    }
}
