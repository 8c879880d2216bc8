package io.tuli.chaos;

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
 * Appends unique elements to a few arrays. After a split to one array on both of its sides a merge
 * decides what stays, and where it stands.
 */
final class LogWorkload implements Workload {

    private static final int LOGS = 12;
    private static final int ELEMENTS_PER_LOG = 500;

    private final AtomicLong elements = new AtomicLong();

    @Override
    public String claim(Set<Fault> faults) {
        return mayGiveUp(faults)
                ? "no element is there twice or was invented; one that a merge gives up is"
                        + " reported; those of two sides of a split have no order"
                : "every log holds every element acknowledged, once, and in the order of time";
    }

    @Override
    public boolean mayGiveUp(Set<Fault> faults) {
        return faults.contains(Fault.PARTITION);
    }

    @Override
    public Asked next(int writer, RandomGenerator random) {
        long element = elements.incrementAndGet();
        long log = element / LOGS / ELEMENTS_PER_LOG;
        String key = "log" + element % LOGS + "-" + log;
        return Asked.of(Verbs.PUSH, key, "e" + element);
    }

    @Override
    public Verdict judge(Evidence evidence) {
        boolean isOrdered = !evidence.hasSplit();
        Map<String, List<Added>> appended =
                evidence.operations().stream()
                        .collect(
                                Collectors.groupingBy(
                                        each -> each.asked().key(),
                                        Collectors.mapping(
                                                each -> new Added(each.asked().body(), each.span()),
                                                Collectors.toList())));
        return Workload.worst(
                evidence, (reader, values) -> judge(reader, values, appended, isOrdered));
    }

    private static Verdict judge(
            String reader,
            Map<String, String> values,
            Map<String, List<Added>> appended,
            boolean isOrdered) {
        Set<String> logs = new TreeSet<>(appended.keySet());
        logs.addAll(values.keySet());
        return logs.stream()
                .map(
                        log ->
                                LogCheck.check(
                                        log + " on " + reader,
                                        appended.getOrDefault(log, List.of()),
                                        elements(values.getOrDefault(log, "[]")),
                                        isOrdered))
                .reduce(Verdict.GOOD, Verdict::and);
    }

    /** Of a list as Java shows it. */
    private static List<String> elements(String list) {
        return list.equals("[]")
                ? List.of()
                : List.of(list.substring(1, list.length() - 1).split(", ", -1));
    }
}
