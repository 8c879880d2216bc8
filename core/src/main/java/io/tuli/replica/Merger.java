package io.tuli.replica;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
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
import org.jspecify.annotations.Nullable;

/**
 * Brings the writes of a changelog that parted from the owner's into the owner's, as new entries:
 * nothing that is there is rewritten.
 *
 * <p>A request both sides executed stays once. An edit of a value that the owner's side did not
 * touch since the fork is kept, as is every increment and every insertion into an array; where both
 * sides wrote, the service's {@link MergePolicy} decides, edit by edit, and what is given up is
 * reported. Entries keep their time, so that a third side is judged by the same clock. Folded
 * entries are passed over: their source merges too, and is folded again.
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
            Edit insertion = insertion(edit, kept);
            if (insertion != null) {
                kept.add(insertion);
            } else if (isKept(edit, entry.time())) {
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

    /**
     * What is inserted into an array overrules nothing: it is kept, at its index or, where the
     * array here is shorter, at the end. Null if the edit is no such insertion.
     */
    private @Nullable Edit insertion(Edit edit, List<Edit> before) {
        Key key = edit.key();
        if (edit.kind() != Edit.Kind.ADD || key.isTop()) {
            return null;
        }
        int depth = key.below().size() - 1;
        Key array = Key.of(key.top(), key.below().subList(0, depth).toArray(String[]::new));
        Payload document = overlay.after(before).get(key.top());
        Payload here = document == null ? overlay.document(key.top()) : document;
        int length = documents.length(documents.read(here, array));
        if (length < 0 || !key.below().get(depth).matches("[0-9]{1,9}")) {
            return null;
        }
        int index = Math.min(length, Integer.parseInt(key.below().get(depth)));
        return Edit.add(array.child(Integer.toString(index)), edit.value());
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
        Payload here = documents.read(overlay.document(edit.key().top()), edit.key());
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
