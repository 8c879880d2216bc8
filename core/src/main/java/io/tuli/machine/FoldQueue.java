package io.tuli.machine;

import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folded messages of one partition, one after the other: their marks must enter the log in the
 * order of their source, so a later one never overtakes an earlier one whose handler is slow.
 * Whoever posts folds bounds how many are under way.
 */
final class FoldQueue {

    private final Partition partition;
    private final ArrayDeque<PendingRequest> queue = new ArrayDeque<>();
    private final Map<Long, Consumed> taken = new HashMap<>();
    private boolean isRunning;
    private boolean isHeld;

    FoldQueue(Partition partition) {
        this.partition = partition;
    }

    /** What was taken in, whether committed yet or not. */
    Consumed consumed(long source) {
        Consumed latest = taken.get(source);
        return latest == null ? partition.consumed(source) : latest;
    }

    /** Notes the marks of one message; false if it was consumed before. */
    boolean advance(List<SourceMark> marks) {
        boolean isNew = !consumed(marks.getFirst().source()).hasAny(marks);
        if (isNew) {
            marks.forEach(this::note);
        }
        return isNew;
    }

    /** What an entry that is here already has consumed. */
    void note(SourceMark mark) {
        taken.put(mark.source(), consumed(mark.source()).with(mark));
    }

    void add(PendingRequest fold) {
        queue.add(fold);
    }

    /**
     * The next fold to run; null while one runs, if one was put back and not yet to be tried again,
     * or if there is none. It runs until {@link #ended}.
     */
    @Nullable PendingRequest next() {
        if (isRunning || isHeld || queue.isEmpty()) {
            return null;
        }
        isRunning = true;
        return queue.remove();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void ended() {
        isRunning = false;
    }

    /**
     * The one that ran could not be handled now: it is the next one again, after {@link #retry}.
     */
    void putBack(PendingRequest fold) {
        queue.addFirst(fold);
        isRunning = false;
        isHeld = true;
    }

    /** What was put back may be tried again. */
    void retry() {
        isHeld = false;
    }
}
