package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.Stored;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What documents were before their latest changes, and which values in them were counted or
 * collected since: where two sides of a split have changed a document, the ancestor both have in
 * common. Kept for all documents of a service with a merge function, else for those with counters
 * and sets; in no snapshot, and only a hint: an ancestor that is forgotten is one that nobody
 * knows. One thread.
 *
 * <p>Bounds: {@value #BYTES_MOST} bytes of documents for the changes of late, and as many for the
 * first changes since this member last lost another from sight, and for what has outlived its time;
 * {@value #VALUES_MOST} values of a document.
 */
public final class MergeBases {

    private static final long BYTES_MOST = 1024 * 1024;
    private static final int VALUES_MOST = 64;
    private static final int OVERHEAD_BYTES = 128;

    private final boolean isForAll;
    private final ArrayDeque<Changed> recent = new ArrayDeque<>();
    private final Map<String, Integer> recentByKey = new HashMap<>();
    private final Map<String, Pinned> pinned = new LinkedHashMap<>();
    private final Map<String, Expired> expired = new LinkedHashMap<>();
    private long expiredBytes;
    private long recentBytes;
    private long pinnedBytes;
    private long apartFrom = Long.MAX_VALUE;

    MergeBases(boolean isForAll) {
        this.isForAll = isForAll;
    }

    /**
     * A document as it was, and what was counted or collected in it since.
     *
     * @param document none if there was none
     * @param values their keys
     * @param lists those of them that were pushed to
     */
    public record Ancestor(Payload document, Set<Key> values, Set<Key> lists) {

        private static Ancestor of(Payload document) {
            return new Ancestor(document, new HashSet<>(), new HashSet<>());
        }

        private void add(Key value, boolean isList) {
            if (values.contains(value) || values.size() < VALUES_MOST) {
                values.add(value);
                if (isList) {
                    lists.add(value);
                }
            }
        }
    }

    /** From here on a side that was lost from sight may have changed the same documents. */
    public void parted(long offset) {
        apartFrom = offset;
    }

    /** A document was changed by an edit of the entry at an offset. */
    void changed(Edit edit, @Nullable Stored before, long offset) {
        if (isKept(edit)) {
            boolean isJoined = JoiningEdits.isJoining(edit);
            Key value = isJoined ? JoiningEdits.valueOf(edit) : null;
            boolean isList = JoiningEdits.isPush(edit);
            add(new Changed(edit.key().top(), before, offset, value, isList));
        }
    }

    /** A document has outlived its time: the other side of a split may have renewed it. */
    void expired(String key, Stored before, long offset) {
        Expired forgotten = expired.remove(key);
        expiredBytes -= forgotten == null ? 0 : forgotten.sizeBytes();
        Expired gone = new Expired(before, offset);
        expired.put(key, gone);
        expiredBytes += gone.sizeBytes();
        Iterator<Expired> eldest = expired.values().iterator();
        while (expiredBytes > BYTES_MOST) {
            expiredBytes -= eldest.next().sizeBytes();
            eldest.remove();
        }
    }

    /** What documents were that have outlived their time since a fork, as far as that is known. */
    public Map<String, Payload> expiredSince(long fork) {
        Map<String, Payload> documents = new HashMap<>();
        expired.forEach(
                (key, gone) -> {
                    if (gone.offset >= fork) {
                        documents.put(key, gone.before.document());
                    }
                });
        return documents;
    }

    private record Expired(Stored before, long offset) {

        int sizeBytes() {
            return OVERHEAD_BYTES + before.document().sizeBytes();
        }
    }

    /** Whether no document's ancestor is kept unless it is counted or collected in. */
    boolean isIdle() {
        return !isForAll && recentByKey.isEmpty() && pinned.isEmpty();
    }

    /** Whether the document it changes is one whose ancestor is kept. */
    boolean isKept(Edit edit) {
        return isForAll
                || JoiningEdits.isJoining(edit)
                || (!recentByKey.isEmpty() && recentByKey.containsKey(edit.key().top()))
                || (!pinned.isEmpty() && pinned.containsKey(edit.key().top()));
    }

    private void add(Changed change) {
        recent.add(change);
        recentByKey.merge(change.key, 1, Integer::sum);
        recentBytes += change.sizeBytes();
        while (recentBytes > BYTES_MOST) {
            Changed eldest = recent.remove();
            recentBytes -= eldest.sizeBytes();
            recentByKey.computeIfPresent(eldest.key, (key, count) -> count == 1 ? null : count - 1);
            pin(eldest);
        }
    }

    private void pin(Changed change) {
        if (change.offset < apartFrom) {
            return;
        }
        Pinned known = pinned.get(change.key);
        if (known == null || known.first.offset < apartFrom) {
            pinnedBytes -= known == null ? 0 : known.first.sizeBytes();
            pinned.remove(change.key);
            if (pinnedBytes >= BYTES_MOST) {
                return;
            }
            known = new Pinned(change, Ancestor.of(change.document()));
            pinned.put(change.key, known);
            pinnedBytes += change.sizeBytes();
        }
        if (change.value != null) {
            known.ancestor.add(change.value, change.isList);
        }
    }

    /** The documents as they were at a fork, as far as that is known, by top-level key. */
    public Map<String, Ancestor> at(long fork) {
        Map<String, Ancestor> documents = new HashMap<>();
        pinned.values().forEach(known -> known.putInto(documents, fork));
        recent.forEach(change -> change.putInto(documents, fork));
        return documents;
    }

    /** The first change of a document since another member was lost, and what followed. */
    private record Pinned(Changed first, Ancestor ancestor) {

        void putInto(Map<String, Ancestor> documents, long fork) {
            first.putInto(documents, fork);
            Ancestor there = documents.get(first.key);
            if (there != null) {
                ancestor.values.forEach(each -> there.add(each, ancestor.lists.contains(each)));
            }
        }
    }

    /**
     * One change.
     *
     * @param value what was counted or collected; null for other edits
     * @param isList whether it was pushed to
     */
    private record Changed(
            String key, @Nullable Stored before, long offset, @Nullable Key value, boolean isList) {

        int sizeBytes() {
            return OVERHEAD_BYTES + document().sizeBytes();
        }

        Payload document() {
            return before == null ? Payload.NONE : before.document();
        }

        /** If it is the first change since the fork, and not of another changelog. */
        void putInto(Map<String, Ancestor> documents, long fork) {
            if (offset < fork) {
                return;
            }
            if (before == null || before.offset() < fork) {
                documents.computeIfAbsent(key, first -> Ancestor.of(document()));
            }
            Ancestor ancestor = documents.get(key);
            if (ancestor != null && value != null) {
                ancestor.add(value, isList);
            }
        }
    }
}
