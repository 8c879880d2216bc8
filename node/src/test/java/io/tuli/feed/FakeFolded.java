package io.tuli.feed;

import io.tuli.log.SourceMark;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a folding service has committed, whoever owned its partitions: per partition the owner, the
 * marks, and the messages executed. Keeps the core's rule: a mark not after the last is dropped.
 * Thread-safe.
 */
final class FakeFolded {

    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();

    private static final class Partition {
        int owner = -1;
        final Map<Long, SourceMark> marks = new HashMap<>();
        final List<String> executed = new ArrayList<>();
        final List<Frame.Request> requests = new ArrayList<>();
    }

    private Partition partition(int number) {
        return partitions.computeIfAbsent(number, n -> new Partition());
    }

    void own(int partition, int member) {
        Partition p = partition(partition);
        synchronized (p) {
            p.owner = member;
        }
    }

    boolean isOwner(int partition, int member) {
        Partition p = partition(partition);
        synchronized (p) {
            return p.owner == member;
        }
    }

    @Nullable SourceMark consumed(int partition, long source) {
        Partition p = partition(partition);
        synchronized (p) {
            return p.marks.get(source);
        }
    }

    /** True if it was executed. */
    boolean execute(int member, Frame.Request request, SourceMark mark) {
        Partition p = partition(request.partition());
        synchronized (p) {
            if (p.owner != member || !advance(p, mark)) {
                return false;
            }
            p.requests.add(request);
            p.executed.add(request.verb() + " " + request.key() + "=" + request.body());
            return true;
        }
    }

    /** True if it moved the mark. */
    boolean mark(int member, int partition, SourceMark mark) {
        Partition p = partition(partition);
        synchronized (p) {
            return p.owner == member && advance(p, mark);
        }
    }

    private static boolean advance(Partition p, SourceMark mark) {
        SourceMark before = p.marks.get(mark.source());
        if (before != null && !mark.isAfter(before)) {
            return false;
        }
        p.marks.put(mark.source(), mark);
        return true;
    }

    List<String> executed(int partition) {
        Partition p = partition(partition);
        synchronized (p) {
            return List.copyOf(p.executed);
        }
    }

    List<Frame.Request> requests(int partition) {
        Partition p = partition(partition);
        synchronized (p) {
            return List.copyOf(p.requests);
        }
    }

    int executedCount() {
        int sum = 0;
        for (int partition : partitions.keySet()) {
            sum += executed(partition).size();
        }
        return sum;
    }
}
