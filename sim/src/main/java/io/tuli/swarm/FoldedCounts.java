package io.tuli.swarm;

import io.tuli.Change;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Hosted;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * E7: a second service folds the workload's, and counts its changes: by the document changed, and
 * over several of them. In the end each change is counted once, also after a split - but for those
 * that a merge gave up, and told so: they may be counted or not. One thread.
 */
final class FoldedCounts {

    private static final int SUMS = 3;
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final ServiceConfig<Object> source;
    private final ServiceConfig<Long> counts;

    FoldedCounts(Cluster cluster, ServiceConfig<Object> source, int partitions) {
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
        return "sum" + sumOf(document);
    }

    private static int sumOf(String document) {
        return Math.floorMod(document.hashCode(), SUMS);
    }

    /**
     * When all is well again every change is counted within so long, and none is counted twice. A
     * write may still come meanwhile - sent again after its first caller died - and be a change on
     * its way here: so it is looked at until two looks, some time apart, find all counted.
     */
    void expect(Duration within) {
        Duration end = cluster.now().plus(within);
        boolean hasSettled = false;
        for (String breach = breach(); breach != null || !hasSettled; ) {
            if (breach != null && cluster.now().compareTo(end) >= 0) {
                throw cluster.world().breach("E7 each change is folded once", breach);
            }
            hasSettled = breach == null;
            cluster.run(SETTLED);
            breach = breach();
        }
    }

    /** As a living member sees it: one that was on its way out may have gone since. */
    private @Nullable String breach() {
        ClusterMember member = cluster.members().get(0);
        SortedMap<String, Long> folded = member.service(counts).state();
        Hosted hosted = member.service(source).hosted();
        Bounds[] sums = new Bounds[SUMS];
        Arrays.fill(sums, new Bounds(0, 0));
        for (Map.Entry<String, Object> document : member.service(source).state().entrySet()) {
            String key = document.getKey();
            Bounds bounds = bounds(hosted, key, changesOf(document.getValue()));
            sums[sumOf(key)] = sums[sumOf(key)].plus(bounds);
            long count = folded.getOrDefault("of_" + key, 0L);
            if (!bounds.admit(count)) {
                return key + " changed " + bounds + " times, folded " + count;
            }
        }
        for (int i = 0; i < SUMS; i++) {
            long count = folded.getOrDefault("sum" + i, 0L);
            if (!sums[i].admit(count)) {
                return "sum" + i + " is of " + sums[i] + " changes, folded " + count;
            }
        }
        return null;
    }

    /**
     * How often a document that shows so many changes may have been folded. Where a merge gave some
     * up, and told so, the one side may have folded them and the other not: at most as many as were
     * ever made. That is asked, too, of counters that both sides set to one number. Where somebody
     * was told that folding is not exact, changes may be missing, and after a split count twice.
     */
    private Bounds bounds(Hosted hosted, String key, long shown) {
        boolean isInexact = cluster.world().invariants().isInexact(hosted(counts));
        boolean isMerged =
                cluster.world().maySplit()
                        && (cluster.world().invariants().isOverruled(key)
                                || key.startsWith("count")
                                || key.startsWith("swap"));
        long requests = cluster.world().invariants().requestsOf(hosted, key);
        long anew = cluster.world().invariants().timesAnew(hosted, key);
        long most = isMerged ? requests + anew : Math.max(shown, requests + anew);
        if (!cluster.world().maySplit()) {
            return new Bounds(isInexact ? 0 : shown, shown);
        }
        return new Bounds(
                isInexact || isMerged ? 0 : Math.min(shown, requests), isInexact ? 2 * most : most);
    }

    private Hosted hosted(ServiceConfig<?> config) {
        return cluster.members().get(0).service(config).hosted();
    }

    private record Bounds(long least, long most) {

        Bounds plus(Bounds other) {
            return new Bounds(least + other.least, most + other.most);
        }

        boolean admit(long count) {
            return count >= least && count <= most;
        }
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
