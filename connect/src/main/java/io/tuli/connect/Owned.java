package io.tuli.connect;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this member owns, on its way into a store. One thread.
 *
 * <p>It is <em>whole</em> where the changelog no longer has what follows the store's place: all its
 * documents are written then, at the store's old place, and with the last of them what else the
 * store has of it goes, and the place becomes the new one. So a failure at any time begins it
 * again.
 */
final class Owned {

    final int partition;
    final Epoch epoch;
    Place stored;

    /** All before it is in the store once what is to be written is. */
    LogPosition reached;

    /** Documents to be written, and whether the last change of each took it away. */
    private final Map<String, Boolean> changed = new LinkedHashMap<>();

    private @Nullable Set<String> whole;
    private boolean isWholeKnown;

    /** Of which the store has something, perhaps; to be found in the changelog. */
    private @Nullable LogPosition unproven;

    Owned(int partition, Epoch epoch, Place stored) {
        this.partition = partition;
        this.epoch = epoch;
        this.stored = stored;
        this.reached = stored.position();
        this.unproven = stored.seen().offset() > reached.offset() ? stored.seen() : null;
    }

    /** Where its feed is to begin, when it begins anew. */
    LogPosition from() {
        if (whole != null && !isWholeKnown) {
            changed.clear();
            whole = null;
            reached = stored.position();
        }
        return reached;
    }

    /** The changelog is not the one of which the store has something: all is written anew. */
    LogPosition fromNowhere() {
        LogPosition nowhere = stored.seen();
        unproven = null;
        return nowhere;
    }

    /** Whether the changelog is so short that what the store has of it cannot be in it. */
    boolean isBehind(long committedEnd) {
        LogPosition seen = unproven;
        return seen != null && committedEnd < seen.offset();
    }

    /** Takes what has changed; false where this is not the changelog that the store knows. */
    boolean note(Note note) {
        if (note.isReset()) {
            changed.clear();
            whole = new HashSet<>();
            isWholeKnown = false;
            unproven = null;
        }
        changed.putAll(note.keys());
        Set<String> keys = whole;
        if (keys != null) {
            note.keys().keySet().forEach(keys::add);
        }
        if (!note.isWithinState()) {
            isWholeKnown = keys != null;
            reached = note.position();
        }
        return isProven();
    }

    private boolean isProven() {
        LogPosition seen = unproven;
        if (seen == null || reached.offset() < seen.offset()) {
            return true;
        }
        unproven = null;
        return reached.equals(seen);
    }

    /** Documents to be written, and whether the last change of each took it away. */
    Map<String, Boolean> changed() {
        return changed;
    }

    /** Whether there is anything to be written. */
    boolean isToBeWritten() {
        return !changed.isEmpty() || (whole != null && isWholeKnown);
    }

    /** Whether nothing is to come of what the changelog had up to its reached place. */
    boolean isSettled() {
        return changed.isEmpty() && whole == null && unproven == null;
    }

    /** All keys it has, where the store is to have no others after this batch; else null. */
    @Nullable Set<String> whole() {
        return isWholeKnown ? whole : null;
    }

    /** Its keys are these now: of a document that was written, or taken away. */
    void wrote(String key, boolean isThere) {
        Set<String> keys = whole;
        if (keys != null && isThere) {
            keys.add(key);
        } else if (keys != null) {
            keys.remove(key);
        }
    }

    /** The store's place after a batch with which nothing is left to be written before it. */
    Place after(LogPosition seenNow) {
        LogPosition seen = later(reached, seenNow);
        return new Place(epoch, reached, whole == null ? later(seen, stored.seen()) : seen);
    }

    /** The same where something is. */
    Place meanwhile(LogPosition seenNow) {
        LogPosition seen = whole == null ? later(stored.seen(), seenNow) : stored.seen();
        return new Place(epoch, stored.position(), later(seen, stored.position()));
    }

    /** It is in the store. */
    void stored(Place place, boolean isWholeWritten) {
        stored = place;
        if (isWholeWritten) {
            whole = null;
            isWholeKnown = false;
        }
    }

    /** Of two places of one changelog. */
    static LogPosition later(LogPosition one, LogPosition other) {
        return other.offset() > one.offset() ? other : one;
    }
}
