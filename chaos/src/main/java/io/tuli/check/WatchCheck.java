package io.tuli.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A watcher sees each change of each key exactly once and in order, or is told of a reset and then
 * of the values there are. Each key is written by one writer, who counts: 1, 2, 3, and stops using
 * it when an outcome is UNKNOWN.
 */
public final class WatchCheck {

    /** What a watcher is told, in the order in which it is told. */
    public sealed interface Seen {

        /** A change of a key. */
        record Value(int partition, String key, long value) implements Seen {}

        /** What was known of a partition is void; the values there are follow. */
        record Reset(int partition) implements Seen {}
    }

    private WatchCheck() {}

    /**
     * Judges one watcher, which began before the first write.
     *
     * @param watcher its name, for the verdict
     * @param written by key, the spans of its writes in the order in which they were made: of 1, 2,
     *     3
     * @param seen what it was told
     * @param hasSplit whether the network was split: a merge tells what came of the other side's
     *     writes and not each of them, and before it a reset may lead back to the other side's
     *     state
     */
    public static Verdict check(
            String watcher, Map<String, List<Span>> written, List<Seen> seen, boolean hasSplit) {
        Findings findings = new Findings();
        Watched watched = new Watched(watcher, written, hasSplit, findings);
        seen.forEach(watched::take);
        watched.end();
        return findings.verdict();
    }

    /**
     * Judges whether watchers that were told of no reset saw the changes of each partition in one
     * order; one may be ahead of another.
     */
    public static Verdict sameOrder(Map<String, List<Seen>> byWatcher) {
        Findings findings = new Findings();
        Map<Integer, Map.Entry<String, List<Seen>>> longest = new HashMap<>();
        byWatcher.forEach(
                (watcher, seen) ->
                        withoutReset(seen)
                                .forEach(
                                        (partition, values) ->
                                                compare(
                                                        partition,
                                                        Map.entry(watcher, values),
                                                        longest,
                                                        findings)));
        return findings.verdict();
    }

    private static Map<Integer, List<Seen>> withoutReset(List<Seen> seen) {
        Map<Integer, List<Seen>> byPartition = new TreeMap<>();
        Set<Integer> resets = new TreeSet<>();
        for (Seen each : seen) {
            switch (each) {
                case Seen.Value value ->
                        byPartition
                                .computeIfAbsent(value.partition(), none -> new ArrayList<>())
                                .add(value);
                case Seen.Reset reset -> resets.add(reset.partition());
            }
        }
        byPartition.keySet().removeAll(resets);
        return byPartition;
    }

    private static void compare(
            int partition,
            Map.Entry<String, List<Seen>> one,
            Map<Integer, Map.Entry<String, List<Seen>>> longest,
            Findings findings) {
        Map.Entry<String, List<Seen>> other = longest.putIfAbsent(partition, one);
        if (other == null) {
            return;
        }
        int common = Math.min(one.getValue().size(), other.getValue().size());
        for (int i = 0; i < common; i++) {
            if (!one.getValue().get(i).equals(other.getValue().get(i))) {
                findings.wrong(
                        "in partition %d %s saw %s where %s saw %s"
                                .formatted(
                                        partition,
                                        one.getKey(),
                                        one.getValue().get(i),
                                        other.getKey(),
                                        other.getValue().get(i)));
                return;
            }
        }
        if (one.getValue().size() > common) {
            longest.put(partition, one);
        }
    }

    /** How far one watcher is. */
    private static final class Watched {
        private final String name;
        private final Map<String, List<Span>> written;
        private final boolean hasSplit;
        private final Findings findings;
        private final Map<String, Long> last = new TreeMap<>();
        private final Map<String, Integer> partitions = new HashMap<>();

        /** Keys of which nothing was told since a reset: their next value may be any later one. */
        private final Set<String> afterReset = new TreeSet<>();

        private final Set<Integer> resets = new TreeSet<>();

        Watched(String name, Map<String, List<Span>> written, boolean hasSplit, Findings findings) {
            this.name = name;
            this.written = written;
            this.hasSplit = hasSplit;
            this.findings = findings;
        }

        void take(Seen seen) {
            switch (seen) {
                case Seen.Value value -> take(value);
                case Seen.Reset reset -> {
                    resets.add(reset.partition());
                    partitions.forEach(
                            (key, partition) -> {
                                if (partition == reset.partition()) {
                                    afterReset.add(key);
                                }
                            });
                }
            }
        }

        private void take(Seen.Value seen) {
            String key = seen.key();
            partitions.put(key, seen.partition());
            boolean isNewAfterReset = resets.contains(seen.partition()) && !last.containsKey(key);
            boolean isAfterReset = afterReset.remove(key) || isNewAfterReset;
            long before = last.getOrDefault(key, 0L);
            long value = seen.value();
            String facts = key + " = " + value + " after " + before + " by " + name;
            List<Span> writes = written.getOrDefault(key, List.of());
            if (value < 1 || value > writes.size()) {
                findings.wrong("invented: seen " + facts);
                return;
            }
            if (writes.get((int) value - 1).hasFailed()) {
                findings.wrong("FAILED, but seen: " + facts);
            }
            if (value <= before && !(isAfterReset && (value == before || hasSplit))) {
                findings.duplicated("seen " + facts);
            } else if (value > before + 1 && !isAfterReset && !hasSplit) {
                checkGap(writes, before, value, facts);
            }
            last.put(key, isAfterReset ? value : Math.max(before, value));
        }

        private void checkGap(List<Span> writes, long before, long value, String facts) {
            for (long missing = before + 1; missing < value; missing++) {
                if (writes.get((int) missing - 1).isOk()) {
                    findings.lost("the change to " + missing + ", seen " + facts);
                }
            }
        }

        /** Everything acknowledged was seen in the end. */
        void end() {
            written.forEach(
                    (key, writes) -> {
                        long seen = last.getOrDefault(key, 0L);
                        for (int i = (int) seen; i < writes.size(); i++) {
                            if (writes.get(i).isOk()) {
                                findings.lost(
                                        "the last change to %s seen by %s is %d, but %d was told OK"
                                                .formatted(key, name, seen, i + 1));
                                return;
                            }
                        }
                    });
        }
    }
}
