package io.tuli.replica;

import io.tuli.Payload;
import io.tuli.log.Stored;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What documents were before their latest changes: where two sides of a split have changed one, the
 * ancestor both have in common. Kept for services with a merge function alone, in no snapshot, and
 * only a hint: an ancestor that is forgotten is one that nobody knows. One thread.
 *
 * <p>Bounds: {@value #BYTES_MOST} bytes of documents for the changes of late, and as many for the
 * first changes since this member last lost another from sight.
 */
final class Ancestors {

    private static final long BYTES_MOST = 1024 * 1024;
    private static final int OVERHEAD_BYTES = 96;

    private final boolean isKept;
    private final ArrayDeque<Changed> recent = new ArrayDeque<>();
    private final Map<String, Changed> pinned = new LinkedHashMap<>();
    private long recentBytes;
    private long pinnedBytes;
    private long apartFrom = Long.MAX_VALUE;

    Ancestors(boolean isKept) {
        this.isKept = isKept;
    }

    /** Whether changes are to be told. */
    boolean isKept() {
        return isKept;
    }

    /** From here on a side that was lost from sight may have changed the same documents. */
    void parted(long offset) {
        apartFrom = offset;
    }

    /** A document was changed by the entry at an offset. */
    void changed(String key, @Nullable Stored before, long offset) {
        Changed change = new Changed(key, before, offset);
        recent.add(change);
        recentBytes += change.sizeBytes();
        while (recentBytes > BYTES_MOST) {
            Changed eldest = recent.remove();
            recentBytes -= eldest.sizeBytes();
            pin(eldest);
        }
    }

    private void pin(Changed change) {
        Changed before = pinned.get(change.key);
        boolean isFirst = before == null || before.offset < apartFrom;
        if (isFirst && change.offset >= apartFrom && pinnedBytes < BYTES_MOST) {
            pinned.put(change.key, change);
            pinnedBytes += change.sizeBytes() - (before == null ? 0 : before.sizeBytes());
        }
    }

    /** The documents as they were at a fork, as far as that is known, by top-level key. */
    Map<String, Payload> at(long fork) {
        Map<String, Payload> documents = new HashMap<>();
        pinned.values().forEach(change -> change.putInto(documents, fork));
        recent.forEach(change -> change.putInto(documents, fork));
        return documents;
    }

    private record Changed(String key, @Nullable Stored before, long offset) {

        int sizeBytes() {
            return OVERHEAD_BYTES + (before == null ? 0 : before.document().sizeBytes());
        }

        /** If it is the first change since the fork, and not of another changelog. */
        void putInto(Map<String, Payload> documents, long fork) {
            if (offset >= fork && (before == null || before.offset() < fork)) {
                documents.putIfAbsent(key, before == null ? Payload.NONE : before.document());
            }
        }
    }
}
