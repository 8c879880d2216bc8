package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.log.Documents;
import io.tuli.log.OpenDocument;
import io.tuli.log.Stored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the documents will be once the owner's uncommitted entries are committed. The owner decides
 * against committed state plus this; a fenced owner drops it and is a clean follower.
 */
public final class Overlay {

    private final Partition partition;
    private final Documents documents;

    /** What the uncommitted entries leave, the oldest first. */
    private final ArrayDeque<Change> changes = new ArrayDeque<>();

    /** The latest of each document, of all but the newest entries: made when somebody asks. */
    private final Map<String, Uncommitted> latest = new HashMap<>();

    /** Whether a document that goes by itself was ever among them. */
    private boolean mayExpire;

    /** Entries before this offset are among the latest. */
    private long indexedEnd;

    public Overlay(Partition partition, Documents documents) {
        this.partition = partition;
        this.documents = documents;
    }

    public Payload document(String topLevelKey) {
        if (changes.isEmpty()) {
            return partition.document(topLevelKey);
        }
        index();
        Uncommitted last = latest.get(topLevelKey);
        return last == null ? partition.document(topLevelKey) : last.document;
    }

    /** What there is at the keys of edits before each of them, as the earlier of them leave it. */
    public List<Payload> before(List<Edit> edits) {
        List<Payload> before = new ArrayList<>(edits.size());
        Map<String, OpenDocument> opened = new HashMap<>();
        for (Edit edit : edits) {
            OpenDocument document =
                    opened.computeIfAbsent(edit.key().top(), top -> documents.open(document(top)));
            before.add(isNew(edit) ? Payload.NONE : document.read(edit.key()));
            if (edits.size() > 1) {
                document.apply(edit);
            }
        }
        return List.copyOf(before);
    }

    /** What is added was not there: at the index of an insertion there is another element. */
    private static boolean isNew(Edit edit) {
        return edit.kind() == Edit.Kind.ADD || edit.kind() == Edit.Kind.INSERT;
    }

    /** Offset of the entry that changes the document last; -1 where that leaves none. */
    public long changedAt(String topLevelKey) {
        if (!changes.isEmpty()) {
            index();
            Uncommitted last = latest.get(topLevelKey);
            if (last != null) {
                return last.document.isNone() ? -1 : last.offset;
            }
        }
        Stored stored = partition.state().get(topLevelKey);
        return stored == null ? -1 : stored.offset();
    }

    /** Most entries are committed before a handler asks for what is not. */
    private void index() {
        Iterator<Change> newest = changes.descendingIterator();
        int count = 0;
        while (newest.hasNext() && newest.next().offset >= indexedEnd) {
            count++;
        }
        if (count > 0) {
            index(count);
        }
    }

    private void index(int newest) {
        List<Change> added = new ArrayList<>(newest);
        Iterator<Change> each = changes.descendingIterator();
        while (added.size() < newest) {
            added.add(each.next());
        }
        for (Change change : added.reversed()) {
            change.after.forEach(
                    (key, document) ->
                            latest.put(
                                    key,
                                    new Uncommitted(
                                            document,
                                            change.offset,
                                            document.isNone() ? Edit.NEVER : change.until(key))));
        }
        indexedEnd = added.getFirst().offset + 1;
    }

    /** The documents as these edits would leave them, by top-level key. */
    public Map<String, Payload> after(List<Edit> edits) {
        if (edits.size() == 1) {
            Edit edit = edits.get(0);
            String key = edit.key().top();
            Payload before = edit.isReplacement() ? Payload.NONE : document(key);
            return Map.of(key, documents.apply(before, edit));
        }
        Map<String, Payload> after = new LinkedHashMap<>();
        JoiningEdits.byDocument(edits)
                .forEach((key, each) -> after.put(key, documents.applyAll(document(key), each)));
        return after;
    }

    /**
     * An entry was appended that leaves the documents so.
     *
     * @param edits those of the entry, which say when documents go
     */
    public void appended(long offset, Map<String, Payload> after, List<Edit> edits) {
        Map<String, Long> untils = untils(edits);
        mayExpire |= !untils.isEmpty();
        changes.add(new Change(offset, after, untils));
    }

    /** When documents go after these edits, of those that do. */
    private static Map<String, Long> untils(List<Edit> edits) {
        Map<String, Long> untils = Map.of();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            if (edit.until() != Edit.NEVER) {
                untils = untils.isEmpty() ? new HashMap<>(4) : untils;
                untils.put(edit.key().top(), edit.until());
            } else if (!untils.isEmpty()) {
                untils.remove(edit.key().top());
            }
        }
        return untils;
    }

    boolean mayExpire() {
        return mayExpire;
    }

    /** Whether nothing waits to be committed. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** When a document goes; {@link Edit#NEVER} where it stays, or is not there. */
    public long until(String topLevelKey) {
        if (!changes.isEmpty()) {
            index();
            Uncommitted last = latest.get(topLevelKey);
            if (last != null) {
                return last.until;
            }
        }
        return partition.state().mayExpire() ? partition.state().until(topLevelKey) : Edit.NEVER;
    }

    /**
     * What is before that offset is committed: what it decided is in the state now, unless
     * something later decided more.
     */
    public void committedUntil(long offset) {
        Change oldest = changes.peek();
        while (oldest != null && oldest.offset < offset) {
            changes.remove();
            if (oldest.offset < indexedEnd) {
                forget(oldest);
            }
            oldest = changes.peek();
        }
    }

    private void forget(Change change) {
        for (String key : change.after.keySet()) {
            Uncommitted last = latest.get(key);
            if (last != null && last.offset <= change.offset) {
                latest.remove(key);
            }
        }
    }

    private record Change(long offset, Map<String, Payload> after, Map<String, Long> untils) {

        long until(String key) {
            return untils.isEmpty() ? Edit.NEVER : untils.getOrDefault(key, Edit.NEVER);
        }
    }

    private record Uncommitted(Payload document, long offset, long until) {}
}
