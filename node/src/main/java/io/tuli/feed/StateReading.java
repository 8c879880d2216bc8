package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a partition on its way to a feed, key by key, while the partition goes on.
 *
 * <p>The keys are noted at once, at a place; a document is read when its turn comes and may be
 * newer than the place. Which entries after the place it shows already goes into an {@link
 * Overlap}, and following the changelog from the place leaves those out. A key made after the place
 * comes with the changelog alone, as does the removal of one that was not read yet. One item is
 * held back, because only the last carries the place from which a feed goes on. Costs a reference
 * per wanted key. One thread.
 */
final class StateReading {

    private final int partition;
    private final LogPosition at;
    private final LogPosition goesOnFrom;
    private final List<String> keys = new ArrayList<>();
    private int next;
    private @Nullable Item held;
    private @Nullable Item found;

    /**
     * Notes the keys; begins with a RESET where {@code first} is one.
     *
     * @param goesOnFrom the place itself; or an earlier one, where events after it are to be told
     */
    StateReading(
            int partition,
            LogPosition at,
            LogPosition goesOnFrom,
            PartitionState state,
            Wanted wanted,
            @Nullable Item first) {
        this.partition = partition;
        this.at = at;
        this.goesOnFrom = goesOnFrom;
        this.held = first;
        state.forEach(
                (key, stored) -> {
                    if (wanted.reaches(key)) {
                        keys.add(key);
                    }
                });
    }

    /** The place as of which the state is. */
    LogPosition at() {
        return at;
    }

    /** The place from which the changelog goes on. */
    LogPosition goesOnFrom() {
        return goesOnFrom;
    }

    /** Looks at the next key if the one found before it has been taken over. */
    void look(PartitionState state, Overlap overlap) {
        if (found != null || next == keys.size()) {
            return;
        }
        String key = keys.get(next++);
        Stored stored = state.get(key);
        if (stored == null) {
            return;
        }
        if (stored.offset() >= at.offset()) {
            overlap.shows(key, stored.offset());
        }
        found = Item.state(partition, key, stored);
    }

    /** What can be delivered now; null if there is nothing yet. */
    @Nullable Item ready() {
        if (isLast()) {
            return held == null ? null : held.endingAt(goesOnFrom);
        }
        return found == null ? null : held;
    }

    /** What was ready has been delivered, or there was nothing to. */
    void proceed() {
        if (found != null || isLast()) {
            held = found;
            found = null;
        }
    }

    /** Whether no key is left but the one held back. */
    private boolean isLast() {
        return found == null && next == keys.size();
    }

    boolean isDone() {
        return isLast() && held == null;
    }
}
