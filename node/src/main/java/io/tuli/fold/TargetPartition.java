package io.tuli.fold;

import io.tuli.log.SourceMark;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * One partition of the consuming service that this member owns: what was posted to it and has not
 * been applied, by source partition. On the fold's thread.
 */
final class TargetPartition {

    final int number;

    /** The period of ownership this is about; posts of an earlier one are void. */
    final int session;

    private final Map<Integer, ArrayDeque<SourceMark>> inFlight = new HashMap<>();
    private int count;

    TargetPartition(int number, int session) {
        this.number = number;
        this.session = session;
    }

    void posted(SourceMark mark) {
        inFlight.computeIfAbsent(mark.partition(), p -> new ArrayDeque<>()).add(mark);
        count++;
    }

    /**
     * What was posted of the mark's source partition before the mark has been applied, and what is
     * before it in its epoch.
     */
    void applied(SourceMark mark) {
        ArrayDeque<SourceMark> posted = inFlight.get(mark.partition());
        if (posted == null) {
            return;
        }
        boolean isPosted = !isBehind(posted.element(), mark) && posted.contains(mark);
        while (!posted.isEmpty() && (isPosted || isBehind(posted.element(), mark))) {
            isPosted &= !posted.element().equals(mark);
            posted.remove();
            count--;
        }
        if (posted.isEmpty()) {
            inFlight.remove(mark.partition());
        }
    }

    private static boolean isBehind(SourceMark earlier, SourceMark mark) {
        return earlier.position().epoch().equals(mark.position().epoch()) && !earlier.isAfter(mark);
    }

    int inFlight() {
        return count;
    }

    boolean hasInFlight(int sourcePartition) {
        return inFlight.containsKey(sourcePartition);
    }
}
