package io.tuli.workload;

import io.tuli.Verbs;
import io.tuli.check.Added;
import io.tuli.check.LogCheck;
import io.tuli.check.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Appends unique elements to a few arrays, in a split on both sides: then owners tell the order by
 * their clocks, which count milliseconds.
 */
final class LogWorkload implements Workload {

    /** Two owners' clocks tell apart what is as far apart. */
    private static final long CLOCK_NANOS = 2_000_000;

    private static final int LOGS = 12;
    private static final int ELEMENTS_PER_LOG = 500;

    private final AtomicLong elements = new AtomicLong();

    @Override
    public String claim(Set<Fault> faults) {
        return "every log holds every element acknowledged, once, and in the order of time";
    }

    @Override
    public ChaosRequest next(int writer, RandomGenerator random) {
        long element = elements.incrementAndGet();
        long log = element / LOGS / ELEMENTS_PER_LOG;
        String key = "log" + element % LOGS + "-" + log;
        return ChaosRequest.of(Verbs.PUSH, key, "e" + element);
    }

    @Override
    public Verdict judge(Evidence evidence) {
        long apartNanos = evidence.hasSplit() ? CLOCK_NANOS : 0;
        Map<String, List<Added>> appended =
                evidence.operations().stream()
                        .collect(
                                Collectors.groupingBy(
                                        each -> each.asked().key(),
                                        Collectors.mapping(
                                                each -> new Added(each.asked().body(), each.span()),
                                                Collectors.toList())));
        return Workload.worst(
                evidence, (reader, values) -> judge(reader, values, appended, apartNanos));
    }

    private static Verdict judge(
            String reader,
            Map<String, String> values,
            Map<String, List<Added>> appended,
            long apartNanos) {
        Set<String> logs = new TreeSet<>(appended.keySet());
        logs.addAll(values.keySet());
        return logs.stream()
                .map(
                        log ->
                                LogCheck.check(
                                        log + " on " + reader,
                                        appended.getOrDefault(log, List.of()),
                                        elements(values.getOrDefault(log, "[]")),
                                        apartNanos))
                .reduce(Verdict.GOOD, Verdict::and);
    }

    /** Of a list as Java shows it. */
    private static List<String> elements(String list) {
        return list.equals("[]")
                ? List.of()
                : List.of(list.substring(1, list.length() - 1).split(", ", -1));
    }
}
