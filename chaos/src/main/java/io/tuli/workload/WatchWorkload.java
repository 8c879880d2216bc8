package io.tuli.workload;

import io.tuli.Outcome;
import io.tuli.Verbs;
import io.tuli.check.Span;
import io.tuli.check.Verdict;
import io.tuli.check.WatchCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Each writer counts up its own keys, while feeds of the whole service are listened to. */
public final class WatchWorkload implements Workload {

    private static final int VALUES_PER_KEY = 100;

    /** Where each writer is: the number of its key, and the value last written to it. */
    private final Map<Integer, Place> places = new ConcurrentHashMap<>();

    private record Place(int key, long value) {
        Place next(boolean isSure) {
            return isSure && value < VALUES_PER_KEY ? this : new Place(key + 1, 0);
        }
    }

    @Override
    public String claim(Set<Fault> faults) {
        return faults.contains(Fault.PARTITION)
                ? "every feed tells changes once and in order, or says RESET; after a split it"
                        + " tells what came of the other side's"
                : "every feed tells every change once and in order, or says RESET";
    }

    @Override
    public ChaosRequest next(int writer, RandomGenerator random) {
        Place place =
                places.merge(
                        writer,
                        new Place(0, 1),
                        (before, first) -> new Place(before.key, before.value + 1));
        return ChaosRequest.of(Verbs.UPDATE, "watch" + writer + "-" + place.key, place.value);
    }

    /** A write that may yet come is the last to its key. */
    @Override
    public void ended(int writer, Operation operation) {
        boolean isSure = operation.span().outcome() != Outcome.UNKNOWN;
        places.computeIfPresent(writer, (same, place) -> place.next(isSure));
    }

    @Override
    public Verdict judge(Evidence evidence) {
        Map<String, List<Span>> written = new HashMap<>();
        evidence.operations().stream()
                .sorted(Comparator.comparingLong(each -> Long.parseLong(each.asked().body())))
                .forEach(
                        each ->
                                written.computeIfAbsent(
                                                each.asked().key(), none -> new ArrayList<>())
                                        .add(each.span()));
        Verdict verdict =
                evidence.hasSplit() ? Verdict.GOOD : WatchCheck.sameOrder(evidence.watchers());
        for (var watcher : evidence.watchers().entrySet()) {
            verdict =
                    verdict.and(
                            WatchCheck.check(
                                    watcher.getKey(),
                                    written,
                                    watcher.getValue(),
                                    evidence.hasSplit()));
        }
        return verdict;
    }
}
