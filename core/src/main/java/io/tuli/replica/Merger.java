package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.log.Documents;
import io.tuli.log.Entry;
import io.tuli.log.Stored;
import io.tuli.protocol.Effects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings the writes of a changelog that parted from the owner's into the owner's, as new entries:
 * nothing that is there is rewritten.
 *
 * <p>A request both sides executed stays once. An edit of a value that the owner's side did not
 * touch since the fork is kept, as is every increment; where both sides wrote, the service's {@link
 * MergePolicy} decides, edit by edit, and what is given up is reported. Entries keep their time, so
 * that a third side is judged by the same clock. Folded entries are passed over: their source
 * merges too, and is folded again.
 */
final class Merger {

    private final Copy copy;
    private final Effects effects;
    private final Overlay overlay;
    private final Documents documents;
    private final Consumer<Entry> append;
    private final io.tuli.Epoch epoch;
    private final Map<String, List<Touch>> touches = new HashMap<>();
    private final long fork;

    /**
     * @param fork where the two changelogs part; the owner's entries after it, as they are now, are
     *     its side of the split
     */
    Merger(Replica replica, Overlay overlay, long fork, Consumer<Entry> append) {
        this.copy = replica.copy;
        this.effects = replica.effects;
        this.documents = replica.around.documents();
        this.epoch = copy.promised();
        this.overlay = overlay;
        this.fork = fork;
        this.append = append;
        long from = Math.max(fork, copy.log.start().offset());
        for (long offset = from; offset < copy.log.endOffset(); offset++) {
            Entry entry = copy.log.at(offset);
            for (Edit edit : entry.edits()) {
                touch(edit.key(), entry.time());
            }
        }
        if (from > fork) {
            copy.state.forEach(this::touchWhole);
        }
    }

    private void touchWhole(String key, Stored stored) {
        if (stored.offset() >= fork) {
            touch(Key.of(key), stored.time());
        }
    }

    private void touch(Key key, long time) {
        touches.computeIfAbsent(key.top(), top -> new ArrayList<>()).add(new Touch(key, time));
    }

    /** The other side's entries, in its order. */
    void merge(List<Entry> entries) {
        for (Entry entry : entries) {
            boolean isExecutedHere = !entry.id().isNone() && copy.replies.find(entry.id()) != null;
            if (!isExecutedHere && entry.marks().isEmpty() && !entry.edits().isEmpty()) {
                merge(entry);
            }
        }
    }

    private void merge(Entry entry) {
        List<Edit> kept = new ArrayList<>();
        for (Edit edit : entry.edits()) {
            if (isKept(edit, entry.time())) {
                kept.add(edit);
            }
        }
        append.accept(
                new Entry(
                        epoch,
                        copy.log.endOffset(),
                        entry.time(),
                        entry.id(),
                        kept,
                        entry.reply(),
                        List.of()));
    }

    private boolean isKept(Edit edit, long time) {
        if (edit.kind() == Edit.Kind.INCREMENT) {
            return true;
        }
        long latest = latestTouch(edit.key());
        if (latest == Long.MIN_VALUE) {
            return true;
        }
        boolean isKept = copy.spec.merge() == MergePolicy.LAST_WRITE_WINS && time > latest;
        io.tuli.Payload here = documents.read(overlay.document(edit.key().top()), edit.key());
        if (!here.equals(edit.value())) {
            effects.overruled(
                    copy.service(),
                    copy.partition,
                    edit.key(),
                    isKept ? edit.value() : here,
                    isKept ? here : edit.value());
        }
        return isKept;
    }

    /** When the owner's side last wrote this value, one above it or one below. */
    private long latestTouch(Key key) {
        long latest = Long.MIN_VALUE;
        for (Touch touch : touches.getOrDefault(key.top(), List.of())) {
            if (isRelated(touch.key, key)) {
                latest = Math.max(latest, touch.time);
            }
        }
        return latest;
    }

    private static boolean isRelated(Key a, Key b) {
        int shorter = Math.min(a.below().size(), b.below().size());
        return a.below().subList(0, shorter).equals(b.below().subList(0, shorter));
    }

    private record Touch(Key key, long time) {}
}
