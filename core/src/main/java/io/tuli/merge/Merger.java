package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.log.Documents;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.machine.CoreContext;
import io.tuli.machine.JoiningEdits;
import io.tuli.machine.MergedMarks;
import io.tuli.machine.Overlay;
import io.tuli.machine.Partition;
import io.tuli.protocol.Effects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the writes of a changelog that parted from the owner's into the owner's, as new entries:
 * nothing that is there is rewritten.
 *
 * <p>An entry known here - by its place, whoever brought it, or because both sides executed the
 * request - stays once. An edit of a value that the owner's side did not touch since the fork is
 * kept, as is every increment, push to a list, insertion into an array and inclusion in a set;
 * where both sides wrote, the service's {@link MergePolicy} decides, and what is given up is
 * reported. Entries keep their time, so that a third side is judged by the same clock, and say
 * where they come from.
 * Folded entries are passed over: their source merges too, and is folded again.
 */
public final class Merger {

    private static final String FOLDED_AGAIN =
            "after a split, folded changes are told from others by the changelog of the side that"
                    + " gives way, which is trimmed, or by the merge function not asked for: they"
                    + " may count twice";

    private final Partition copy;
    private final Effects effects;
    private final Overlay overlay;
    private final Documents documents;
    private final Consumer<Entry> append;
    private final Epoch epoch;
    private final Rebase fitting;
    private final WriteSet touches;
    private final MergedMarks merged;
    private final @Nullable DocumentMerge agreement;
    private final Set<Key> shifted = new HashSet<>();

    /** Sums and sets of the other side may hold what was merged before. */
    private boolean isPartlyKnown;

    /**
     * @param fork where the two changelogs part; the owner's entries after it, as they are now, are
     *     its side of the split
     */
    public Merger(
            Partition copy,
            CoreContext around,
            Overlay overlay,
            long fork,
            Consumer<Entry> append) {
        this.copy = copy;
        this.effects = around.effects();
        this.documents = around.documents();
        this.epoch = copy.promised();
        this.overlay = overlay;
        this.append = append;
        this.fitting = new Rebase(documents);
        this.touches = new WriteSet(copy, documents, fork);
        this.merged = copy.mergedUntil(copy.log.endOffset());
        this.agreement =
                copy.spec.merge() == MergePolicy.FUNCTION
                        ? new DocumentMerge(copy, around, overlay, fork)
                        : null;
    }

    /** All that the other side has after the fork, in its order. */
    public void merge(List<Entry> theirs) {
        MergedMarks told = new MergedMarks();
        tellOfFolds(theirs);
        isPartlyKnown = theirs.stream().anyMatch(entry -> merged.hasAny(entry.epoch()));
        for (int i = 0; i < theirs.size(); i++) {
            Entry entry = theirs.get(i);
            boolean isLastOfPlace =
                    i + 1 == theirs.size() || theirs.get(i + 1).offset() != entry.offset();
            if (isKnown(entry)) {
                touches.seen(entry);
            } else if (!entry.isFolded()) {
                merge(entry, isLastOfPlace);
            }
            told.add(mark(entry.position()));
        }
        List<SourceMark> unnamed =
                told.marks().stream().filter(mark -> !has(mark.position())).toList();
        if (!unnamed.isEmpty()) {
            append.accept(
                    new Entry(
                            epoch,
                            copy.log.endOffset(),
                            copy.nextTime(),
                            RequestId.NONE,
                            List.of(),
                            Payload.NONE,
                            unnamed));
        }
    }

    /** Whole documents have in them what was folded; and that is folded again from its source. */
    private void tellOfFolds(List<Entry> theirs) {
        if (!copy.consumed.isEmpty() && theirs.stream().anyMatch(Entry::isCondensed)) {
            effects.observer().inexact(copy.service(), copy.partition, FOLDED_AGAIN);
        }
    }

    private boolean isKnown(Entry entry) {
        boolean isKnown = has(entry.position());
        for (SourceMark mark : entry.marks()) {
            isKnown |= mark.isOfMerge() && has(mark.position());
        }
        return isKnown || (!entry.id().isNone() && touches.hasExecuted(entry));
    }

    private boolean has(LogPosition place) {
        return merged.has(place) || copy.log.lineage().has(place, copy.log.endOffset());
    }

    private void merge(Entry entry, boolean isLastOfPlace) {
        if (entry.edits().isEmpty() && entry.id().isNone()) {
            return;
        }
        List<Edit> kept = new ArrayList<>();
        boolean isWhole = entry.id().isNone() && entry.marks().isEmpty();
        List<Edit> edits = isWhole ? joined(entry) : entry.edits();
        for (Edit edit : edits) {
            Edit fitted =
                    agreement == null
                            ? kept(edit, entry.time(), kept)
                            : agreement.on(edit, touches.latest(edit.key()), entry.time());
            if (fitted != null) {
                kept.add(fitted);
            }
        }
        List<SourceMark> marks = new ArrayList<>(entry.marks());
        if (isLastOfPlace) {
            marks.add(mark(entry.position()));
        }
        marks.forEach(merged::add);
        append.accept(
                new Entry(
                        epoch,
                        copy.log.endOffset(),
                        entry.time(),
                        entry.id(),
                        entry.caller(),
                        entry.digest(),
                        kept,
                        entry.reply(),
                        marks));
    }

    /**
     * Documents that are told as a whole, each with what was counted and collected in it: where
     * this side has changed one, too, that is added to what is here, and only the rest is in
     * question. Where it has not, the document has it.
     */
    private List<Edit> joined(Entry condensed) {
        List<Edit> edits = new ArrayList<>();
        for (Edit edit : condensed.edits()) {
            if (!JoiningEdits.isJoining(edit)) {
                edits.addAll(joined(edit, condensed));
            }
        }
        return edits;
    }

    private List<Edit> joined(Edit whole, Entry condensed) {
        String document = whole.key().top();
        List<Edit> joining =
                condensed.edits().stream()
                        .filter(
                                each ->
                                        JoiningEdits.isJoining(each)
                                                && each.key().top().equals(document))
                        .toList();
        boolean isTouched = touches.latest(whole.key()) != Long.MIN_VALUE;
        if (isPartlyKnown || !isTouched || joining.isEmpty()) {
            return List.of(whole);
        }
        Payload here = overlay.document(document);
        Payload rest = new JoiningEdits(documents).without(joining, whole.value(), here);
        List<Edit> edits = new ArrayList<>();
        if (!rest.equals(here)) {
            edits.add(Edit.update(whole.key(), rest));
        }
        edits.addAll(joining);
        return edits;
    }

    private SourceMark mark(LogPosition place) {
        return new SourceMark(copy.service(), copy.partition, place, SourceMark.MERGED);
    }

    // ---- edit by edit --------------------------------------------------------------------------

    /** The edit as it is kept, fitted to what is here; null if it is not. */
    private @Nullable Edit kept(Edit told, long time, List<Edit> before) {
        Edit edit = JoiningEdits.pushed(told);
        Payload document = after(edit.key().top(), before);
        Payload here = documents.read(document, edit.key());
        Key array = fitting.arrayAround(document, edit);
        Edit fitted = fitting.fit(document, edit);
        Edit kept =
                switch (edit.kind()) {
                    case INCREMENT ->
                            joined(edit, fitted, here, here.isNone() || documents.isNumber(here));
                    case INCLUDE -> joined(edit, fitted, here, here.isNone() || isArray(here));
                    case PUSH, INSERT -> pushed(edit, fitted, here, time);
                    case EXCLUDE -> isArray(here) ? excluded(edit, here, time) : null;
                    case ADD ->
                            fitting.isInsertion(document, edit)
                                    ? joined(edit, fitted, here, true)
                                    : later(edit, fitted, here, time, latest(edit, array));
                    case UPDATE, REMOVE ->
                            isPartOfRemoved(edit, document)
                                    ? later(edit, null, here, time, latest(edit, array))
                                    : later(edit, fitted, here, time, latest(edit, array));
                };
        if (array != null && Rebase.isShift(array, edit)) {
            shifted.add(array);
        }
        if (kept != null && !JoiningEdits.isPush(kept)) {
            touches.pushes().changed(kept.key());
        }
        return kept;
    }

    private Payload after(String topLevelKey, List<Edit> before) {
        Payload document = before.isEmpty() ? null : overlay.after(before).get(topLevelKey);
        return document == null ? overlay.document(topLevelKey) : document;
    }

    private boolean isArray(Payload value) {
        return documents.length(value) >= 0;
    }

    /** What adds to what is here overrules nothing: it is kept wherever it can be added. */
    private @Nullable Edit joined(Edit edit, @Nullable Edit fitted, Payload here, boolean fits) {
        if (fitted != null && fits) {
            return fitted;
        }
        tell(edit, here, edit.value());
        return null;
    }

    /** A list has the elements of both sides, in the order of their time. */
    private @Nullable Edit pushed(Edit edit, @Nullable Edit fitted, Payload here, long time) {
        Edit kept = joined(edit, fitted, here, here.isNone() || isArray(here));
        return kept == null ? null : touches.pushes().placed(kept, here, time);
    }

    /** An exclusion takes out what its side had seen: not what this side has included meanwhile. */
    private @Nullable Edit excluded(Edit edit, Payload here, long time) {
        long assigned =
                touches.latest(
                        edit.key().top(),
                        touch ->
                                touch.is(Edit.Kind.UPDATE)
                                        && WriteSet.isAbove(touch.key(), edit.key()));
        if (touches.hasIncluded(edit.key(), edit.value())) {
            return null;
        }
        boolean isLater = assigned == Long.MIN_VALUE || isOverruling(time, assigned);
        if (!isLater) {
            tell(edit, here, edit.value());
        }
        return isLater ? edit : null;
    }

    /**
     * What replaces is kept where this side did not write, or where the policy overrules it. A
     * removal of what never was here is kept for third sides, which may have it.
     */
    private @Nullable Edit later(
            Edit edit, @Nullable Edit fitted, Payload here, long time, long latest) {
        boolean isConflict = latest != Long.MIN_VALUE;
        boolean isKept = fitted != null && (!isConflict || isOverruling(time, latest));
        if (isConflict || !isKept) {
            tell(edit, isKept ? edit.value() : here, isKept ? here : edit.value());
        }
        if (isConflict && isKept) {
            touches.replaced(edit.key());
        }
        return isKept ? fitted : null;
    }

    private boolean isOverruling(long time, long latest) {
        return copy.spec.merge() != MergePolicy.KEEP_WINNER && time > latest;
    }

    private void tell(Edit edit, Payload kept, Payload lost) {
        if (!kept.equals(lost)) {
            effects.observer().overruled(copy.service(), copy.partition, edit.key(), kept, lost);
        }
    }

    /**
     * When this side last wrote what the edit is about. Where either side moved elements of an
     * array, an index means another element there, so all of the array is meant.
     */
    private long latest(Edit edit, @Nullable Key array) {
        long latest = touches.latest(edit.key());
        if (array == null || !(shifted.contains(array) || isShiftedHere(array))) {
            return latest;
        }
        return Math.max(
                latest, touches.latest(array.top(), touch -> WriteSet.isAbove(array, touch.key())));
    }

    private boolean isShiftedHere(Key array) {
        return touches.has(
                array.top(), touch -> touch.edit() != null && Rebase.isShift(array, touch.edit()));
    }

    /** What this side removed as a whole does not come back in pieces. */
    private boolean isPartOfRemoved(Edit edit, Payload document) {
        Key key = edit.key();
        return !key.isTop()
                && touches.has(
                        key.top(),
                        touch ->
                                (touch.edit() == null || touch.is(Edit.Kind.REMOVE))
                                        && !touch.key().equals(key)
                                        && WriteSet.isAbove(touch.key(), key)
                                        && documents.read(document, touch.key()).isNone());
    }
}
