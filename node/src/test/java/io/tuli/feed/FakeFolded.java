package io.tuli.feed;

import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a folding service has committed, whoever owned its partitions: per partition the owner, the
 * marks, and the messages executed. Keeps the core's rule: what was consumed before is dropped.
 * Thread-safe.
 */
public final class FakeFolded {

    private final Map<Integer, Partition> partitions = new ConcurrentHashMap<>();

    private static final class Partition {
        int owner = -1;
        final Map<Long, Consumed> marks = new HashMap<>();
        final List<String> executed = new ArrayList<>();
        final List<Frame.Request> requests = new ArrayList<>();
    }

    private Partition partition(int number) {
        return partitions.computeIfAbsent(number, n -> new Partition());
    }

    public void own(int partition, int member) {
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

    public Consumed consumed(int partition, long source) {
        Partition p = partition(partition);
        synchronized (p) {
            return p.marks.getOrDefault(source, Consumed.NOTHING);
        }
    }

    /** True if it was executed. */
    boolean execute(int member, Frame.Request request, List<SourceMark> marks) {
        Partition p = partition(request.partition());
        synchronized (p) {
            if (p.owner != member || !advance(p, marks)) {
                return false;
            }
            p.requests.add(request);
            p.executed.add(request.verb() + " " + request.key() + "=" + request.body());
            return true;
        }
    }

    /** True if it moved the mark. */
    public boolean mark(int member, int partition, SourceMark mark) {
        Partition p = partition(partition);
        synchronized (p) {
            return p.owner == member && advance(p, List.of(mark));
        }
    }

    private static boolean advance(Partition p, List<SourceMark> marks) {
        long source = marks.getFirst().source();
        Consumed consumed = p.marks.getOrDefault(source, Consumed.NOTHING);
        if (consumed.hasAny(marks)) {
            return false;
        }
        for (SourceMark mark : marks) {
            consumed = consumed.with(mark);
        }
        p.marks.put(source, consumed);
        return true;
    }

    public List<String> executed(int partition) {
        Partition p = partition(partition);
        synchronized (p) {
            return List.copyOf(p.executed);
        }
    }

    public List<Frame.Request> requests(int partition) {
        Partition p = partition(partition);
        synchronized (p) {
            return List.copyOf(p.requests);
        }
    }

    public int executedCount() {
        int sum = 0;
        for (int partition : partitions.keySet()) {
            sum += executed(partition).size();
        }
        return sum;
    }
}
