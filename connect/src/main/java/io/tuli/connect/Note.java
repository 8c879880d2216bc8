package io.tuli.connect;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.LogPosition;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of an entry until it is in the store: which documents it has changed.
 * Immutable.
 *
 * @param partition its partition
 * @param position the place right after it; START inside of a state that is told anew
 * @param isReset whether the state is told anew from here on
 * @param keys of the documents, and whether each is gone
 */
record Note(int partition, LogPosition position, boolean isReset, Map<String, Boolean> keys) {

    static Note of(Committed entry) {
        boolean isReset = false;
        Map<String, Boolean> keys = new LinkedHashMap<>();
        for (Change change : entry.changes()) {
            if (change.kind() == Change.Kind.RESET) {
                isReset = true;
            } else if (change.kind() != Change.Kind.EVENT) {
                boolean isGone = change.kind() == Change.Kind.REMOVE && change.key().isTop();
                keys.put(change.key().top(), isGone);
            }
        }
        return new Note(entry.partition(), entry.position(), isReset, keys);
    }

    /** Whether the state that is told anew goes on after it. */
    boolean isWithinState() {
        return position.equals(LogPosition.START);
    }
}
