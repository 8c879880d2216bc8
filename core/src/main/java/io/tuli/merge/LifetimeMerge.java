package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.OpenDocument;
import io.tuli.machine.Overlay;
import io.tuli.machine.Partition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long documents are there that both sides of a split have: what either side renewed stays, and
 * the longer life wins. One thread.
 */
final class LifetimeMerge {

    private final Overlay overlay;
    private final WriteSet writes;
    private final Map<String, Payload> expired;

    LifetimeMerge(Partition partition, Overlay overlay, WriteSet writes, long fork) {
        this.overlay = overlay;
        this.writes = writes;
        this.expired = partition.expiredSince(fork);
    }

    /** Whether an edit is about a document's lifetime alone. */
    static boolean isOf(Edit edit) {
        return edit.kind() == Edit.Kind.EXPIRE || edit.kind() == Edit.Kind.TOUCH;
    }

    /** Whether an edit needs the document that has outlived its time here. */
    boolean needsExpired(Edit edit, OpenDocument here) {
        boolean isInside = !edit.key().isTop() || edit.kind() == Edit.Kind.TOUCH;
        return isInside && !here.has(top(edit)) && hasExpired(top(edit));
    }

    /** It is in the changelog here, or a state without the document was taken over. */
    private boolean hasExpired(Key document) {
        String key = document.top();
        return writes.hasExpired(key)
                || (expired.containsKey(key) && writes.latest(document) == Long.MIN_VALUE);
    }

    /** That document, as the edit's side still has it; null if it is forgotten. */
    @Nullable Edit restored(Edit edit) {
        Payload document = expired.get(edit.key().top());
        return document == null ? null : Edit.update(top(edit), document).until(edit.until());
    }

    private static Key top(Edit edit) {
        return Key.of(edit.key().top());
    }

    /** An edit of the lifetime alone as it is kept; null if it is not. */
    @Nullable Edit kept(Edit edit, OpenDocument here) {
        if (!here.has(edit.key())) {
            return null;
        }
        if (edit.kind() == Edit.Kind.EXPIRE) {
            return writes.hasRenewed(edit.key()) ? null : edit;
        }
        Edit longest = timed(edit, edit, here);
        return longest.until() == overlay.until(edit.key().top()) ? null : longest;
    }

    /**
     * An edit as it is kept, with the time at which its document goes.
     *
     * @param theirs as the other side had decided it
     */
    Edit timed(Edit kept, Edit theirs, OpenDocument here) {
        boolean isWhole = theirs.key().isTop() && !isOf(theirs);
        String key = theirs.key().top();
        boolean isHere = here.has(top(theirs)) && overlay.changedAt(key) >= 0;
        return kept.until(
                isWhole || !isHere ? theirs.until() : longest(theirs.until(), overlay.until(key)));
    }

    static long longest(long until, long other) {
        return until == Edit.NEVER || other == Edit.NEVER ? Edit.NEVER : Math.max(until, other);
    }
}
