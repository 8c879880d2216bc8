package io.tuli.loop;

import io.tuli.member.MemberCore;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
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
    public int indexOf(int service, int partition) {
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

    /**
     * The sum of what all loops answer. Waits, so not on a loop: one that has ended adds nothing,
     * one that does not answer within that time, or cannot, adds one.
     */
    public int sum(ToIntFunction<NodeLoop> work, Duration within) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (NodeLoop loop : loops) {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            answers.add(answer);
            boolean isPosted =
                    loop.post(
                            () -> {
                                try {
                                    answer.complete(work.applyAsInt(loop));
                                } finally {
                                    answer.complete(1);
                                }
                            });
            if (!isPosted) {
                answer.complete(0);
            }
        }
        long nanos = Durations.nanos(within);
        return answers.stream()
                .mapToInt(each -> each.completeOnTimeout(1, nanos, TimeUnit.NANOSECONDS).join())
                .sum();
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
