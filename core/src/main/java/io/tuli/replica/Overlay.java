package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.log.Documents;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the documents will be once the owner's uncommitted entries are committed. The owner decides
 * against committed state plus this; a fenced owner drops it and is a clean follower.
 */
final class Overlay {

    private final Copy copy;
    private final Documents documents;
    private final Map<String, Uncommitted> uncommitted = new HashMap<>();

    /** What each uncommitted entry leaves, the oldest first. */
    private final ArrayDeque<Change> changes = new ArrayDeque<>();

    Overlay(Copy copy, Documents documents) {
        this.copy = copy;
        this.documents = documents;
    }

    Payload document(String topLevelKey) {
        Uncommitted latest = uncommitted.get(topLevelKey);
        return latest == null ? copy.document(topLevelKey) : latest.document;
    }

    /** The documents as these edits would leave them, by top-level key. */
    Map<String, Payload> after(List<Edit> edits) {
        if (edits.size() == 1) {
            Edit edit = edits.get(0);
            String key = edit.key().top();
            Payload before = edit.isReplacement() ? Payload.NONE : document(key);
            return Map.of(key, documents.apply(before, edit));
        }
        Map<String, Payload> after = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String key = edit.key().top();
            Payload before = after.containsKey(key) ? after.get(key) : document(key);
            after.put(key, documents.apply(before, edit));
        }
        return after;
    }

    /** An entry was appended that leaves the documents so. */
    void appended(long offset, Map<String, Payload> after) {
        after.forEach((key, document) -> uncommitted.put(key, new Uncommitted(document, offset)));
        changes.add(new Change(offset, after.keySet()));
    }

    /**
     * What is before that offset is committed: what it decided is in the state now, unless
     * something later decided more.
     */
    void committedUntil(long offset) {
        while (!changes.isEmpty() && changes.element().offset < offset) {
            Change change = changes.remove();
            for (String key : change.keys) {
                Uncommitted latest = uncommitted.get(key);
                if (latest != null && latest.offset <= change.offset) {
                    uncommitted.remove(key);
                }
            }
        }
    }

    private record Change(long offset, Set<String> keys) {}

    private record Uncommitted(Payload document, long offset) {}
}
