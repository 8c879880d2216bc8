package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.log.Entry;
import java.util.HashMap;
import java.util.Map;

/**
 * What the documents will be once the owner's uncommitted entries are committed. The owner decides
 * against committed state plus this; a fenced owner drops it and is a clean follower.
 */
final class Overlay {

    private final Copy copy;
    private final io.tuli.log.Documents documents;
    private final Map<String, Uncommitted> uncommitted = new HashMap<>();

    Overlay(Copy copy, io.tuli.log.Documents documents) {
        this.copy = copy;
        this.documents = documents;
    }

    Payload document(String topLevelKey) {
        Uncommitted latest = uncommitted.get(topLevelKey);
        return latest == null ? copy.document(topLevelKey) : latest.document;
    }

    void appended(Entry entry) {
        for (Edit edit : entry.edits()) {
            String key = edit.key().top();
            Payload after = documents.apply(document(key), edit);
            uncommitted.put(key, new Uncommitted(after, entry.offset()));
        }
    }

    /**
     * The entry is committed: what it decided is in the state now, unless something later decided
     * more.
     */
    void committed(Entry entry) {
        for (Edit edit : entry.edits()) {
            Uncommitted latest = uncommitted.get(edit.key().top());
            if (latest != null && latest.offset <= entry.offset()) {
                uncommitted.remove(edit.key().top());
            }
        }
    }

    private record Uncommitted(Payload document, long offset) {}
}
