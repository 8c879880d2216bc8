package io.tuli.feed;

import io.tuli.Edit;
import io.tuli.log.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a state that was read in slices shows already of the entries after the place it was begun
 * at: for each key changed meanwhile, up to which entry. At most one entry per key of a partition.
 * One thread.
 */
final class Overlap {

    private final Map<String, Long> shownByKey = new HashMap<>();
    private long shownMax = -1;

    /** The state showed this key as the entry of that offset left it. */
    void shows(String topLevelKey, long offset) {
        shownByKey.put(topLevelKey, offset);
        shownMax = Math.max(shownMax, offset);
    }

    /** Whether it showed nothing of the entries from an offset on. */
    boolean isBefore(long offset) {
        return offset > shownMax;
    }

    /** The edits of an entry that the state did not show. */
    List<Edit> without(Entry entry) {
        if (entry.offset() > shownMax) {
            shownByKey.clear();
            return entry.edits();
        }
        return entry.edits().stream().filter(edit -> !isShown(edit, entry.offset())).toList();
    }

    private boolean isShown(Edit edit, long offset) {
        Long shown = shownByKey.get(edit.key().top());
        return shown != null && offset <= shown;
    }
}
