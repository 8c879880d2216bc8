package io.tuli.workload;

import io.tuli.Verbs;
import io.tuli.check.Added;
import io.tuli.check.SetCheck;
import io.tuli.check.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Adds unique elements. Each is a field of its own, so that two sides of a split never write one
 * value, and counts how often it was added: by a built-in verb, or by a handler.
 */
final class SetWorkload implements Workload {

    private static final int SETS = 12;
    private static final int ELEMENTS_PER_DOCUMENT = 1_000;

    private final AtomicLong elements = new AtomicLong();

    @Override
    public String claim(Set<Fault> faults) {
        return "every element acknowledged is on every replica, once; none that FAILED is";
    }

    @Override
    public ChaosRequest next(int writer, RandomGenerator random) {
        long element = elements.incrementAndGet();
        long document = element / ELEMENTS_PER_DOCUMENT / SETS;
        String key = "set" + element % SETS + "-" + document + ".e" + element;
        return random.nextBoolean()
                ? ChaosRequest.of(Verbs.INCREMENT, key, 1)
                : ChaosRequest.of(ChaosService.COUNT, key, "");
    }

    @Override
    public Verdict judge(Evidence evidence) {
        List<Added> added =
                evidence.operations().stream()
                        .map(each -> new Added(each.asked().key(), each.span()))
                        .toList();
        return Workload.worst(
                evidence, (reader, values) -> SetCheck.check(reader, added, numbers(values)));
    }

    static Map<String, Long> numbers(Map<String, String> values) {
        Map<String, Long> numbers = new HashMap<>();
        values.forEach((key, value) -> numbers.put(key, Long.parseLong(value)));
        return numbers;
    }
}
