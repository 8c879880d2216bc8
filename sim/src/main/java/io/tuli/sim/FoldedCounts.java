package io.tuli.sim;

import io.tuli.Change;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * E7: a second service folds the workload's, and counts its changes: by the document changed, and
 * over several of them. In the end each change is counted once - unless there was a split, after
 * which a change of the one side may be counted twice or not at all. One thread.
 */
final class FoldedCounts {

    private static final int SUMS = 3;
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final SimCluster cluster;
    private final ServiceConfig<Object> source;
    private final ServiceConfig<Long> counts;

    FoldedCounts(SimCluster cluster, ServiceConfig<Object> source, int partitions) {
        this.cluster = cluster;
        this.source = source;
        this.counts =
                ServiceConfig.of("counts", Long.class)
                        .partitions(partitions)
                        .fold(source.name(), FoldedCounts::messages);
    }

    ServiceConfig<Long> service() {
        return counts;
    }

    /** Two for each change, often for different partitions. */
    private static List<Message> messages(Change change) {
        String document = change.key().top();
        return List.of(
                Message.of(Verbs.INCREMENT, 1).key(Key.of("of_" + document)),
                Message.of(Verbs.INCREMENT, 1).key(Key.of(sum(document))));
    }

    private static String sum(String document) {
        return "sum" + Math.floorMod(document.hashCode(), SUMS);
    }

    /** When all is well again every change is counted within so long, and none is counted twice. */
    void expect(Duration within) {
        if (cluster.maySplit()) {
            return;
        }
        SimMember member = cluster.members().get(0);
        Duration end = cluster.now().plus(within);
        while (breach(member) != null && cluster.now().compareTo(end) < 0) {
            cluster.run(SETTLED);
        }
        cluster.run(SETTLED);
        String breach = breach(member);
        if (breach != null) {
            throw cluster.breach("E7 each change is folded once", breach);
        }
    }

    private @Nullable String breach(SimMember member) {
        SortedMap<String, Long> folded = member.service(counts).state();
        boolean mayMiss = cluster.invariants().isInexact(member.service(counts).hosted());
        long[] sums = new long[SUMS];
        for (Map.Entry<String, Object> document : member.service(source).state().entrySet()) {
            long changes = changesOf(document.getValue());
            sums[Math.floorMod(document.getKey().hashCode(), SUMS)] += changes;
            long count = folded.getOrDefault("of_" + document.getKey(), 0L);
            if (count > changes || (count < changes && !mayMiss)) {
                return document.getKey() + " changed " + changes + " times, folded " + count;
            }
        }
        for (int i = 0; i < SUMS; i++) {
            long count = folded.getOrDefault("sum" + i, 0L);
            if (count > sums[i] || (count < sums[i] && !mayMiss)) {
                return "sum" + i + " is of " + sums[i] + " changes, folded " + count;
            }
        }
        return null;
    }

    /** How many changes made the document what it is. */
    private static long changesOf(Object document) {
        return switch (document) {
            case List<?> list -> list.size();
            case Map<?, ?> set -> set.size();
            case Number number -> number.longValue();
            default -> throw new IllegalStateException("no document of the workload: " + document);
        };
    }
}
