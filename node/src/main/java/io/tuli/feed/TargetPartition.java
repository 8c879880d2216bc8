package io.tuli.feed;

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

    /** Everything of the mark's source partition up to the mark has been applied. */
    void applied(SourceMark mark) {
        ArrayDeque<SourceMark> posted = inFlight.get(mark.partition());
        if (posted == null) {
            return;
        }
        while (!posted.isEmpty() && !posted.element().isAfter(mark)) {
            posted.remove();
            count--;
        }
        if (posted.isEmpty()) {
            inFlight.remove(mark.partition());
        }
    }

    int inFlight() {
        return count;
    }

    boolean hasInFlight(int sourcePartition) {
        return inFlight.containsKey(sourcePartition);
    }
}
