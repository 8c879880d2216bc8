package io.tuli.loop;

import io.tuli.member.MemberCore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loops of one member, and which of them holds what. Immutable once composed. */
public final class Loops {

    private final int count;
    private volatile List<NodeLoop> loops = List.of();

    public Loops(int count) {
        this.count = count;
    }

    /** Once, before anything runs: loops know each other through this. */
    public void compose(List<NodeLoop> all) {
        loops = List.copyOf(all);
    }

    public int count() {
        return count;
    }

    public NodeLoop at(int index) {
        return loops.get(index);
    }

    public List<NodeLoop> all() {
        return loops;
    }

    /** The loop a partition is pinned to. */
    int indexOf(int service, int partition) {
        return MemberCore.loopOf(service, partition, count);
    }

    NodeLoop of(int service, int partition) {
        return at(indexOf(service, partition));
    }

    /** To each loop. */
    void post(Object work) {
        for (NodeLoop loop : loops) {
            loop.post(work);
        }
    }

    /** The loop whose thread this is; null on other threads. */
    @Nullable
    public NodeLoop current() {
        for (NodeLoop loop : loops) {
            if (loop.isThisThread()) {
                return loop;
            }
        }
        return null;
    }
}
