package io.tuli.workload;

import io.tuli.Verbs;
import io.tuli.check.CounterCheck;
import io.tuli.check.CounterCheck.Increment;
import io.tuli.check.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Increments a few counters; increments of two sides of a split add up. */
final class CounterWorkload implements Workload {

    private static final int COUNTERS = 12;

    @Override
    public String claim(Set<Fault> faults) {
        return "every counter shows what was acknowledged, and at most what is unknown besides";
    }

    @Override
    public ChaosRequest next(int writer, RandomGenerator random) {
        String key = "counter" + random.nextInt(COUNTERS);
        return ChaosRequest.of(Verbs.INCREMENT, key, 1 + random.nextInt(3));
    }

    @Override
    public Verdict judge(Evidence evidence) {
        Map<String, List<Increment>> increments =
                evidence.operations().stream()
                        .collect(
                                Collectors.groupingBy(
                                        each -> each.asked().key(),
                                        Collectors.mapping(
                                                CounterWorkload::increment, Collectors.toList())));
        return Workload.worst(evidence, (reader, values) -> judge(reader, values, increments));
    }

    private static Increment increment(Operation operation) {
        return new Increment(Long.parseLong(operation.asked().body()), operation.span());
    }

    private static Verdict judge(
            String reader, Map<String, String> values, Map<String, List<Increment>> increments) {
        Set<String> counters = new TreeSet<>(increments.keySet());
        counters.addAll(values.keySet());
        return counters.stream()
                .map(
                        counter ->
                                CounterCheck.check(
                                        counter + " on " + reader,
                                        increments.getOrDefault(counter, List.of()),
                                        Long.parseLong(values.getOrDefault(counter, "0"))))
                .reduce(Verdict.GOOD, Verdict::and);
    }
}
