package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.lifetime.Tombstones;
import io.tuli.log.Documents;
import io.tuli.log.EntryReader;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import io.tuli.log.StoredReader;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Durations;
import io.tuli.protocol.ServiceSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition's documents as the committed entries leave them, with the keys removed of late and
 * what a merge may ask of earlier. One thread writes; whoever reads the state may be on any.
 */
final class CommittedDocuments {

    private final PartitionState state;
    private final Tombstones tombstones;
    private final MergeBases bases;
    private final Documents documents;

    /** Of the documents that were installed last. */
    private long latestTime;

    CommittedDocuments(ServiceSpec spec, PartitionState state, CoreContext context) {
        this.state = state;
        this.tombstones = new Tombstones(Durations.millis(context.limits().tombstoneGrace()));
        this.bases = new MergeBases(spec.merge() == MergePolicy.FUNCTION);
        this.documents = context.documents();
    }

    PartitionState state() {
        return state;
    }

    Tombstones tombstones() {
        return tombstones;
    }

    MergeBases bases() {
        return bases;
    }

    Payload document(String topLevelKey) {
        Stored stored = state.get(topLevelKey);
        return stored == null ? Payload.NONE : stored.document();
    }

    /** Reads what {@link #apply} will. */
    int prefetch() {
        return state.size() + tombstones.size() + (bases.isIdle() ? 1 : 0);
    }

    /** Applies the entry a reader is at: as bytes what there mostly is, the rest as objects. */
    void apply(EntryReader entry, @Nullable List<Edit> known) {
        if (entry.isReplacement() && bases.isIdle()) {
            state.put(entry);
            if (tombstones.size() > 0) {
                tombstones.forget(entry.key());
            }
        } else {
            List<Edit> edits = known == null ? entry.edits() : known;
            if (edits.size() == 1) {
                apply(edits.get(0), entry);
            } else {
                JoiningEdits.byDocument(edits).forEach((key, each) -> apply(key, each, entry));
            }
        }
    }

    private void apply(Edit edit, EntryReader entry) {
        String key = edit.key().top();
        if (edit.kind() == Edit.Kind.EXPIRE) {
            expire(key, entry);
            return;
        }
        if (edit.kind() == Edit.Kind.TOUCH && state.get(key) == null) {
            return;
        }
        Payload before = edit.isReplacement() ? Payload.NONE : document(key);
        Payload after = documents.apply(before, edit);
        if (bases.isKept(edit)) {
            bases.changed(edit, state.get(key), entry.offset());
        }
        put(key, after, edit.until(), entry);
    }

    /** Nothing is remembered of the removal: each side of a split makes it by itself. */
    private void expire(String key, EntryReader entry) {
        Stored before = state.get(key);
        if (before != null) {
            bases.expired(key, before, entry.offset());
            state.put(key, null);
        }
    }

    /** Several edits of one document: those inside of it follow each other in one pass. */
    private void apply(String key, List<Edit> edits, EntryReader entry) {
        int at = 0;
        while (at < edits.size()) {
            int end = at;
            while (end < edits.size() && !edits.get(end).key().isTop()) {
                end++;
            }
            if (end - at < 2 || state.get(key) == null) {
                apply(edits.get(at++), entry);
            } else {
                applyInside(key, edits.subList(at, end), entry);
                at = end;
            }
        }
    }

    private void applyInside(String key, List<Edit> edits, EntryReader entry) {
        Payload after = documents.applyAll(document(key), edits);
        Stored before = state.get(key);
        for (Edit edit : edits) {
            if (bases.isKept(edit)) {
                bases.changed(edit, before, entry.offset());
            }
            // What an entry has made of a document is no ancestor: only where it is from counts.
            before = new Stored(Payload.NONE, entry.offset(), entry.time());
        }
        put(key, after, edits.getLast().until(), entry);
    }

    private void put(String key, Payload after, long until, EntryReader entry) {
        Stored now = new Stored(after, entry.offset(), entry.time(), until);
        state.put(key, after.isNone() ? null : now);
        if (after.isNone()) {
            tombstones.add(key, now);
        } else {
            tombstones.forget(key);
        }
    }

    /**
     * Makes ready to replace all of them: puts those to come where nobody looks yet, so that
     * readers never see a part.
     */
    PartitionState filled(List<StoredRun> installed) {
        latestTime = 0;
        int count = 0;
        for (StoredRun run : installed) {
            count += run.size();
        }
        PartitionState filled = state.anew(count);
        tombstones.clear();
        for (StoredRun run : installed) {
            run.forEach(document -> install(document, filled));
        }
        return filled;
    }

    /**
     * All of them are about to be replaced as of an offset: what goes by itself and is not among
     * those to come may have outlived its time where they are from.
     */
    void replacing(PartitionState filled, long offset) {
        if (state.mayExpire()) {
            state.forEach(
                    (key, stored) -> {
                        if (stored.until() != Edit.NEVER && filled.get(key) == null) {
                            bases.expired(key, stored, offset - 1);
                        }
                    });
        }
    }

    /** Of the youngest document, or removal, of those made ready last. */
    long latestTime() {
        return latestTime;
    }

    private void install(StoredReader document, PartitionState filled) {
        latestTime = Math.max(latestTime, document.time());
        if (document.isRemoval()) {
            tombstones.add(document.key(), document.stored());
        } else {
            filled.put(document);
        }
    }
}
