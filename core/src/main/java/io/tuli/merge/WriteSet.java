package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Documents;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import io.tuli.machine.JoiningEdits;
import io.tuli.machine.Partition;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the owner's side of a split wrote since the fork, by document; of what is trimmed from its
 * changelog only that the document changed. What the other side turns out to have seen is taken
 * out: it is no conflict. One thread.
 */
final class WriteSet {

    private final Partition partition;
    private final Map<String, DocumentWrites> byDocument = new HashMap<>();
    private final Map<Executed, Entry> byId = new HashMap<>();
    private final Map<LogPosition, Entry> byOrigin = new HashMap<>();
    private final Map<String, Map<Key, Map<Payload, List<Entry>>>> included = new HashMap<>();
    private final DocumentWrites nothing = new DocumentWrites(write -> true);
    private final Pushes pushes;
    private final Set<String> expired = new HashSet<>();
    private final Set<String> touched = new HashSet<>();
    private final Set<Long> seenOffsets = new HashSet<>();
    private final Set<Entry> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * One value written.
     *
     * @param edit null where only the time of the document's last change is known
     * @param by the entry; null where that is trimmed
     * @param offset of the entry
     */
    record Write(Key key, long time, @Nullable Edit edit, @Nullable Entry by, long offset) {

        boolean is(Edit.Kind kind) {
            return edit != null && edit.kind() == kind;
        }
    }

    /**
     * A request that made an entry. Its caller chooses the id, so its hash, too: what has an order
     * is found all the same.
     */
    private record Executed(RequestId id, long digest) implements Comparable<Executed> {
        @Override
        public int compareTo(Executed other) {
            int byId = id.compareTo(other.id);
            return byId == 0 ? Long.compare(digest, other.digest) : byId;
        }
    }

    WriteSet(Partition partition, Documents documents, long fork) {
        this.partition = partition;
        this.pushes = new Pushes(documents, partition.log(), fork);
        long from = Math.max(fork, partition.log().start().offset());
        for (long offset = from; offset < partition.endOffset(); offset++) {
            add(partition.log().at(offset));
        }
        if (from > fork) {
            partition.state().forEach((key, stored) -> addTrimmed(key, stored, fork));
            partition.tombstones().forEach((key, stored) -> addTrimmed(key, stored, fork));
        }
    }

    private void add(Entry entry) {
        if (!entry.id().isNone() && !entry.isFolded()) {
            byId.put(new Executed(entry.id(), entry.digest()), entry);
        }
        for (SourceMark mark : entry.marks()) {
            if (mark.isOfMerge()) {
                byOrigin.put(mark.position(), entry);
            }
        }
        for (Edit edit : entry.edits()) {
            if (edit.kind() == Edit.Kind.EXPIRE || edit.kind() == Edit.Kind.TOUCH) {
                boolean isTouch = edit.kind() == Edit.Kind.TOUCH;
                (isTouch ? touched : expired).add(edit.key().top());
                continue;
            }
            expired.remove(edit.key().top());
            add(new Write(edit.key(), entry.time(), edit, entry, entry.offset()));
            include(edit, entry);
        }
    }

    /** What was included and is excluded again, or set anew, was not included in the end. */
    private void include(Edit edit, Entry entry) {
        switch (edit.kind()) {
            case INCLUDE -> include(edit.key(), edit.value(), entry);
            case PUSH, INSERT -> {
                Key list = JoiningEdits.pushed(edit).key();
                include(list, edit.value(), entry);
                pushes.pushed(list, edit.value(), entry.time());
            }
            case EXCLUDE -> included(edit.key()).remove(edit.value());
            case UPDATE, REMOVE -> {
                Map<Key, ?> sets = included.get(edit.key().top());
                if (sets != null) {
                    sets.keySet().removeIf(key -> isAbove(edit.key(), key));
                    pushes.replaced(edit.key());
                }
            }
            case ADD, INCREMENT, EXPIRE, TOUCH -> {}
        }
    }

    private void include(Key set, Payload element, Entry entry) {
        included.computeIfAbsent(set.top(), top -> new HashMap<>())
                .computeIfAbsent(set, key -> new HashMap<>())
                .computeIfAbsent(element, each -> new ArrayList<>())
                .add(entry);
    }

    private Map<Payload, List<Entry>> included(Key set) {
        return included.getOrDefault(set.top(), Map.of()).getOrDefault(set, new HashMap<>());
    }

    /** Whether this side has included an element, unseen by the other. */
    boolean hasIncluded(Key set, Payload element) {
        List<Entry> entries = included(set).getOrDefault(element, List.of());
        while (!entries.isEmpty() && seen.contains(entries.getLast())) {
            entries.removeLast();
        }
        return !entries.isEmpty();
    }

    /** Whether the document's time was over on this side, and nothing was written since. */
    boolean hasExpired(String topLevelKey) {
        return expired.contains(topLevelKey);
    }

    /** Whether this side has written or touched the document. */
    boolean hasRenewed(Key document) {
        return touched.contains(document.top()) || latest(document) != Long.MIN_VALUE;
    }

    /** What is pushed to the lists of this side, merged pushes included. */
    Pushes pushes() {
        return pushes;
    }

    private void addTrimmed(String key, Stored stored, long fork) {
        if (stored.offset() >= fork) {
            add(new Write(Key.of(key), stored.time(), null, null, stored.offset()));
        }
    }

    private void add(Write write) {
        byDocument
                .computeIfAbsent(write.key.top(), top -> new DocumentWrites(this::isSeen))
                .add(write);
    }

    /** Whether this side executed the same request: another under the same id is none. */
    boolean hasExecuted(Entry theirs) {
        return byId.containsKey(new Executed(theirs.id(), theirs.digest()))
                || partition.dedup().find(theirs.id(), theirs.digest()) != null;
    }

    /**
     * The other side has this entry, which is known here, too: what it wrote after it, it wrote in
     * view of it.
     */
    void seen(Entry theirs) {
        Entry ours = byId.get(new Executed(theirs.id(), theirs.digest()));
        if (ours == null) {
            ours = byOrigin.get(theirs.position());
        }
        for (SourceMark mark : theirs.marks()) {
            ours = ours == null ? byOrigin.get(mark.position()) : ours;
        }
        if (ours != null) {
            seen.add(ours);
        }
        Snapshot.Reply executed = partition.dedup().find(theirs.id(), theirs.digest());
        if (executed != null) {
            seenOffsets.add(executed.offset());
        }
    }

    /** What they wrote has replaced it. */
    void replaced(Key key) {
        in(key).replaced(key);
        pushes.replaced(key);
    }

    /** When this side last wrote the value, one above it or one below; the least if it did not. */
    long latest(Key key) {
        return in(key).latest(key);
    }

    /** What this side wrote in the document of the key. */
    DocumentWrites in(Key key) {
        DocumentWrites writes = byDocument.get(key.top());
        return writes == null ? nothing : writes;
    }

    private boolean isSeen(Write write) {
        return write.by == null ? seenOffsets.contains(write.offset) : seen.contains(write.by);
    }

    /** Whether the one key is the other, or a part of it begins there. */
    static boolean isAbove(Key above, Key key) {
        int depth = above.below().size();
        return depth <= key.below().size() && key.below().subList(0, depth).equals(above.below());
    }
}
