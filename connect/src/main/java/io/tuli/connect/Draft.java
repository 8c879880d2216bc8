package io.tuli.connect;

import io.tuli.Codec;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one batch is made of. One thread. */
final class Draft {

    private static final int BATCH_BYTES = 4 << 20;

    final List<Row> rows = new ArrayList<>();
    final SortedMap<Integer, Place> places = new TreeMap<>();

    /** The places where they were, for a part of the batch. */
    final SortedMap<Integer, Place> held = new TreeMap<>();

    final Map<Integer, Set<String>> whole = new HashMap<>();

    /** Keys of rows that the store could not take. */
    final Set<String> aside = new HashSet<>();

    private final Service<Payload> service;
    private final Codec codec;
    private long bytes;

    Draft(Service<Payload> service, Codec codec) {
        this.service = service;
        this.codec = codec;
    }

    /** Whether another partition may be in it. */
    boolean hasRoom() {
        return bytes < BATCH_BYTES;
    }

    /** What has changed of a partition, as it is now: all, or as much as there is room for. */
    void add(Owned of) {
        LogPosition seen = LogPosition.START;
        boolean isAll = true;
        Iterator<Map.Entry<String, Boolean>> changed = of.changed().entrySet().iterator();
        while (changed.hasNext()) {
            Map.Entry<String, Boolean> change = changed.next();
            String key = change.getKey();
            Versioned<Payload> now = service.versioned(Key.of(key));
            if ((!now.exists() && !change.getValue()) || bytes >= BATCH_BYTES) {
                // It is gone by now, which is still to come: or there is no room for it.
                isAll = false;
                continue;
            }
            Payload document = now.exists() ? document(now) : Payload.NONE;
            rows.add(new Row(key, of.partition, document, codec));
            of.wrote(key, now.exists());
            bytes += key.length() + document.sizeBytes();
            seen = Owned.later(seen, now.version());
            changed.remove();
        }
        Set<String> keys = of.whole();
        held.put(of.partition, of.meanwhile(seen));
        places.put(of.partition, isAll ? of.after(seen) : of.meanwhile(seen));
        if (isAll && keys != null) {
            whole.put(of.partition, keys);
        }
    }

    /** It is not in the store: what changed meanwhile counts, else what was drafted. */
    void giveBack(Map<Integer, Owned> owned) {
        for (Row row : rows) {
            Owned of = owned.get(row.partition());
            if (of != null) {
                of.changed().putIfAbsent(row.key(), row.isRemoval());
            }
        }
    }

    private static Payload document(Versioned<Payload> now) {
        Payload value = now.value();
        return value == null ? Payload.NULL : value;
    }
}
