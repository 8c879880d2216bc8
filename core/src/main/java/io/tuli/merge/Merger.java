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
import io.tuli.log.OpenDocument;
import io.tuli.log.SourceMark;
import io.tuli.machine.CoreContext;
import io.tuli.machine.JoiningEdits;
import io.tuli.machine.MergedMarks;
import io.tuli.machine.Overlay;
import io.tuli.machine.Partition;
import io.tuli.protocol.Effects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * where they come from; their events come along, whatever becomes of their edits. Folded entries
 * are passed over: their source merges too, and is folded again.
 */
public final class Merger {

    private static final String FOLDED_AGAIN =
            "after a split, folded changes are told from others by the changelog of the side that"
                    + " gives way, which is trimmed, or by the merge function not asked for: they"
                    + " may count twice";

    private final Partition partition;
    private final Effects effects;
    private final Overlay overlay;
    private final Documents documents;
    private final Consumer<Entry> append;
    private final Epoch epoch;
    private final WriteSet writes;
    private final MergedMarks merged;
    private final @Nullable DocumentMerge agreement;
    private final LifetimeMerge lifetimes;
    private final Set<Key> shifted = new HashSet<>();

    /** Whether an edit of the entry that is merged right now is not kept. */
    private boolean isGivenUp;

    /** Sums and sets of the other side may hold what was merged before. */
    private boolean isPartlyKnown;

    /**
     * @param fork where the two changelogs part; the owner's entries after it, as they are now, are
     *     its side of the split
     */
    public Merger(
            Partition partition,
            CoreContext context,
            Overlay overlay,
            long fork,
            Consumer<Entry> append) {
        this.partition = partition;
        this.effects = context.effects();
        this.documents = context.documents();
        this.epoch = partition.promised();
        this.overlay = overlay;
        this.append = append;
        this.writes = new WriteSet(partition, documents, fork);
        this.lifetimes = new LifetimeMerge(partition, overlay, writes, fork);
        this.merged = partition.mergedUntil(partition.endOffset());
        this.agreement =
                partition.spec().merge() == MergePolicy.FUNCTION
                        ? new DocumentMerge(partition, context, overlay, fork)
                        : null;
    }

    /** All that the other side has after the fork, in its order. */
    public void merge(List<Entry> theirs) {
        MergedMarks told = new MergedMarks();
        tellOfFolds(theirs);
        isPartlyKnown = theirs.stream().anyMatch(entry -> merged.hasAny(entry.epoch()));
        for (int i = 0; i < theirs.size(); i++) {
            Entry entry = theirs.get(i);
            boolean isLastOfOffset =
                    i + 1 == theirs.size() || theirs.get(i + 1).offset() != entry.offset();
            if (isKnown(entry)) {
                writes.seen(entry);
            } else if (!entry.isFolded()) {
                merge(entry, isLastOfOffset);
            }
            told.add(mark(entry.position()));
        }
        List<SourceMark> unnamed =
                told.marks().stream().filter(mark -> !has(mark.position())).toList();
        if (!unnamed.isEmpty()) {
            append.accept(
                    new Entry(
                            epoch,
                            partition.endOffset(),
                            partition.nextTime(),
                            RequestId.NONE,
                            List.of(),
                            Payload.NONE,
                            unnamed));
        }
    }

    /** Whole documents have in them what was folded; and that is folded again from its source. */
    private void tellOfFolds(List<Entry> theirs) {
        if (!partition.consumed().isEmpty() && theirs.stream().anyMatch(Entry::isCondensed)) {
            effects.observer().inexact(partition.service(), partition.number(), FOLDED_AGAIN);
        }
    }

    private boolean isKnown(Entry entry) {
        boolean isKnown = has(entry.position());
        for (SourceMark mark : entry.marks()) {
            isKnown |= mark.isOfMerge() && has(mark.position());
        }
        return isKnown || (!entry.id().isNone() && writes.hasExecuted(entry));
    }

    private boolean has(LogPosition position) {
        return merged.has(position)
                || partition.log().lineage().has(position, partition.endOffset());
    }

    private void merge(Entry entry, boolean isLastOfOffset) {
        if (entry.edits().isEmpty() && entry.id().isNone()) {
            return;
        }
        boolean isWhole = entry.id().isNone() && entry.marks().isEmpty() && !entry.isExpiry();
        List<Edit> edits = isWhole ? joined(entry) : entry.edits();
        isGivenUp = false;
        List<Edit> kept =
                agreement == null
                        ? kept(edits, entry.time())
                        : agreed(agreement, edits, entry.time());
        List<SourceMark> marks = new ArrayList<>(entry.marks());
        if (isLastOfOffset) {
            marks.add(mark(entry.position()));
        }
        marks.forEach(merged::add);
        append.accept(
                new Entry(
                        epoch,
                        partition.endOffset(),
                        entry.time(),
                        entry.id(),
                        entry.caller(),
                        entry.digest(),
                        kept,
                        entry.reply(),
                        marks,
                        entry.extras().merged(before(kept), isGivenUp)));
    }

    /** What there is here, not where the edits come from. */
    private List<Payload> before(List<Edit> kept) {
        return partition.spec().keepsBefore() ? overlay.before(kept) : List.of();
    }

    private List<Edit> agreed(DocumentMerge agreement, List<Edit> edits, long time) {
        List<Edit> kept = new ArrayList<>();
        for (Edit edit : edits) {
            Edit agreed = agreement.on(edit, writes.latest(edit.key()), time);
            isGivenUp |= agreed == null;
            if (agreed != null) {
                kept.add(agreed);
            }
        }
        return kept;
    }

    /**
     * Documents that are told as a whole, each with what was counted and collected in it: where
     * this side has changed one, too, that is added to what is here, and only the rest is in
     * question. Where it has not, the document has it.
     */
    private List<Edit> joined(Entry condensed) {
        List<Edit> edits = new ArrayList<>();
        JoiningEdits.byDocument(condensed.edits())
                .values()
                .forEach(
                        each -> {
                            List<Edit> joining =
                                    each.stream().filter(JoiningEdits::isJoining).toList();
                            each.stream()
                                    .filter(edit -> !JoiningEdits.isJoining(edit))
                                    .forEach(whole -> edits.addAll(joined(whole, joining)));
                        });
        return edits;
    }

    private List<Edit> joined(Edit whole, List<Edit> joining) {
        String document = whole.key().top();
        boolean isTouched = writes.latest(whole.key()) != Long.MIN_VALUE;
        if (isPartlyKnown || !isTouched || joining.isEmpty()) {
            return List.of(whole);
        }
        Payload here = overlay.document(document);
        Payload rest = new JoiningEdits(documents).without(joining, whole.value(), here);
        List<Edit> edits = new ArrayList<>();
        if (!rest.equals(here)) {
            edits.add(Edit.update(whole.key(), rest).until(whole.until()));
        }
        joining.forEach(edit -> edits.add(edit.until(whole.until())));
        return edits;
    }

    private SourceMark mark(LogPosition position) {
        return new SourceMark(partition.service(), partition.number(), position, SourceMark.MERGED);
    }

    // ---- edit by edit --------------------------------------------------------------------------

    /** The edits as they are kept, fitted to what is here and to each other. */
    private List<Edit> kept(List<Edit> edits, long time) {
        List<Edit> all = new ArrayList<>();
        Map<String, OpenDocument> opened = new HashMap<>();
        for (Edit edit : edits) {
            OpenDocument document =
                    opened.computeIfAbsent(
                            edit.key().top(), top -> documents.open(overlay.document(top)));
            if (lifetimes.needsExpired(edit, document)) {
                Edit restored = lifetimes.restored(edit);
                if (restored == null) {
                    isGivenUp = true;
                    tellExpired(edit);
                    continue;
                }
                all.add(restored);
                document.apply(restored);
                if (edit.kind() == Edit.Kind.TOUCH) {
                    continue;
                }
            }
            Edit kept = keptInTime(edit, time, document);
            isGivenUp |= kept == null && !LifetimeMerge.isOf(edit);
            if (kept != null) {
                all.add(kept);
                if (edits.size() > 1) {
                    document.apply(kept);
                }
            }
        }
        return all;
    }

    private @Nullable Edit keptInTime(Edit edit, long time, OpenDocument document) {
        if (LifetimeMerge.isOf(edit)) {
            return lifetimes.kept(edit, document);
        }
        Edit kept = kept(JoiningEdits.pushed(edit), time, document);
        return kept == null ? null : lifetimes.timed(kept, edit, document);
    }

    /** Its document had outlived its time here, and nobody knows what it was. */
    private void tellExpired(Edit edit) {
        effects.observer()
                .overruled(
                        partition.service(),
                        partition.number(),
                        edit.key(),
                        Payload.NONE,
                        edit.value());
    }

    private @Nullable Edit kept(Edit edit, long time, OpenDocument document) {
        Key array = Rebase.arrayAround(document, edit);
        Edit fitted = Rebase.fit(document, edit);
        Edit kept =
                switch (edit.kind()) {
                    case INCREMENT -> joined(edit, fitted, document, isCounter(document, edit));
                    case INCLUDE -> joined(edit, fitted, document, isList(document, edit));
                    case PUSH, INSERT -> pushed(edit, fitted, document, time);
                    case EXCLUDE -> excluded(edit, document, time);
                    case ADD ->
                            Rebase.isInsertion(document, edit)
                                    ? joined(edit, fitted, document, true)
                                    : later(edit, fitted, document, time, latest(edit, array));
                    case EXPIRE, TOUCH -> null; // not of values
                    case UPDATE, REMOVE -> {
                        Edit inPlace = isPartOfRemoved(edit, document) ? null : fitted;
                        yield later(edit, inPlace, document, time, latest(edit, array));
                    }
                };
        if (array != null && Rebase.isShift(array, edit)) {
            shifted.add(array);
        }
        if (kept != null && !JoiningEdits.isPush(kept)) {
            writes.pushes().changed(kept.key());
        }
        return kept;
    }

    private boolean isCounter(OpenDocument document, Edit edit) {
        return !document.has(edit.key()) || documents.isNumber(document.read(edit.key()));
    }

    private static boolean isList(OpenDocument document, Edit edit) {
        return !document.has(edit.key()) || document.length(edit.key()) >= 0;
    }

    /** What adds to what is here overrules nothing: it is kept wherever it can be added. */
    private @Nullable Edit joined(
            Edit edit, @Nullable Edit fitted, OpenDocument document, boolean fits) {
        if (fitted != null && fits) {
            return fitted;
        }
        tell(edit, document.read(edit.key()), edit.value());
        return null;
    }

    /** A list has the elements of both sides, in the order of their time. */
    private @Nullable Edit pushed(
            Edit edit, @Nullable Edit fitted, OpenDocument document, long time) {
        Edit kept = joined(edit, fitted, document, isList(document, edit));
        return kept == null ? null : writes.pushes().placed(kept, document, time);
    }

    /** An exclusion takes out what its side had seen: not what this side has included meanwhile. */
    private @Nullable Edit excluded(Edit edit, OpenDocument document, long time) {
        Key set = edit.key();
        if (document.length(set) < 0 || writes.hasIncluded(set, edit.value())) {
            return null;
        }
        long assigned = writes.in(set).latestUpdate(set);
        boolean isLater = assigned == Long.MIN_VALUE || isOverruling(time, assigned);
        if (!isLater) {
            tell(edit, document.read(set), edit.value());
        }
        return isLater ? edit : null;
    }

    /**
     * What replaces is kept where this side did not write, or where the policy overrules it. A
     * removal of what never was here is kept for third sides, which may have it.
     */
    private @Nullable Edit later(
            Edit edit, @Nullable Edit fitted, OpenDocument document, long time, long latest) {
        boolean isConflict = latest != Long.MIN_VALUE;
        boolean isKept = fitted != null && (!isConflict || isOverruling(time, latest));
        if (isConflict || !isKept) {
            Payload here = document.read(edit.key());
            tell(edit, isKept ? edit.value() : here, isKept ? here : edit.value());
        }
        if (isConflict && isKept) {
            writes.replaced(edit.key());
        }
        return isKept ? fitted : null;
    }

    private boolean isOverruling(long time, long latest) {
        return partition.spec().merge() != MergePolicy.KEEP_WINNER && time > latest;
    }

    private void tell(Edit edit, Payload kept, Payload lost) {
        if (!kept.equals(lost)) {
            effects.observer()
                    .overruled(partition.service(), partition.number(), edit.key(), kept, lost);
        }
    }

    /**
     * When this side last wrote what the edit is about. Where either side moved elements of an
     * array, an index means another element there, so all of the array is meant.
     */
    private long latest(Edit edit, @Nullable Key array) {
        long latest = writes.latest(edit.key());
        if (array == null || !(shifted.contains(array) || writes.in(array).hasShifted(array))) {
            return latest;
        }
        return Math.max(latest, writes.in(array).latestBelow(array));
    }

    /** What this side removed as a whole does not come back in pieces. */
    private boolean isPartOfRemoved(Edit edit, OpenDocument document) {
        return writes.in(edit.key()).hasRemovedAround(edit.key(), key -> !document.has(key));
    }
}
