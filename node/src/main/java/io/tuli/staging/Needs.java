package io.tuli.staging;

import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From which segment on each partition can be read again: where its last whole replica begins, or
 * its first record; and where a replica begins of which only a part is there yet. One thread.
 */
final class Needs {

    private final Map<Long, Long> from = new HashMap<>();
    private final Map<Long, Long> coming = new HashMap<>();
    private final Map<Long, Long> comingBytes = new HashMap<>();
    private final Map<Long, Long> bytes = new HashMap<>();

    /** A record that is there already. */
    void has(Frame.OfPartition record, int size, long segment) {
        from.putIfAbsent(Replaced.keyOf(record.service(), record.partition()), segment);
        Replaced.of(record, size).ifPresent(each -> replaced(each, segment));
    }

    void replaced(Replaced what, long segment) {
        long key = what.key();
        if (!what.isWhole()) {
            if (what.parts() == 0) {
                coming.put(key, segment);
                comingBytes.put(key, 0L);
            }
            comingBytes.merge(key, (long) what.bytes(), Long::sum);
            return;
        }
        Long begun = coming.remove(key);
        Long size = comingBytes.remove(key);
        from.put(key, what.parts() == 0 || begun == null ? segment : begun);
        bytes.put(key, what.parts() == 0 || size == null ? 0L : size);
    }

    /** All that counts of it is there once more. */
    void moved(long key, int size, long segment) {
        coming.remove(key);
        comingBytes.remove(key);
        from.put(key, segment);
        bytes.put(key, (long) size);
    }

    /** The oldest segment that is needed; that one if none is. */
    long oldest(long newest) {
        long oldest = newest;
        for (long each : from.values()) {
            oldest = Math.min(oldest, each);
        }
        for (long each : coming.values()) {
            oldest = Math.min(oldest, each);
        }
        return oldest;
    }

    /** The partitions that need a segment as old as that one. */
    List<Long> upTo(long segment) {
        List<Long> keys = new ArrayList<>();
        from.forEach(
                (key, each) -> {
                    if (each <= segment || coming.getOrDefault(key, Long.MAX_VALUE) <= segment) {
                        keys.add(key);
                    }
                });
        coming.forEach(
                (key, each) -> {
                    if (each <= segment && !from.containsKey(key)) {
                        keys.add(key);
                    }
                });
        return keys;
    }

    /** What all replicas took when they were last there as a whole. */
    long bytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
