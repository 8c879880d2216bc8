package io.tuli.chaos;

import io.tuli.Outcome;
import io.tuli.check.Verdict;
import io.tuli.workload.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a run went.
 *
 * @param workload its name
 * @param claim what was promised
 * @param outcomes how many calls ended how
 * @param verdict what was found
 * @param discards how often a member told that a merge gave writes up
 * @param faults how often each was injected
 * @param unavailableMillis the longest time without an acknowledged write, by what it had to do
 *     with; under the empty name the longest of all, under {@link #MERGED} the longest from the
 *     moment on at which all members saw all again after a split
 */
record Score(
        String workload,
        String claim,
        Map<Outcome, Long> outcomes,
        Verdict verdict,
        int discards,
        Map<Fault, Integer> faults,
        Map<String, Long> unavailableMillis) {

    static final String OVERALL = "";

    /** Of the longest time once all members saw all again after a split. */
    static final String MERGED = "merged";

    /** What is not as promised. */
    long violations() {
        return verdict.violations();
    }

    boolean isGood() {
        return violations() == 0;
    }

    private long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    String json() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload);
        line.put("ok", count(Outcome.OK));
        line.put("failed", count(Outcome.FAILED));
        line.put("unknown", count(Outcome.UNKNOWN));
        line.put("lost", verdict.lost());
        line.put("duplicated", verdict.duplicated());
        line.put("violations", violations());
        Map<String, Integer> byWord = new LinkedHashMap<>();
        faults.forEach((fault, count) -> byWord.put(fault.word(), count));
        line.put("faults", byWord);
        line.put("longestUnavailableMs", unavailableMillis.getOrDefault(OVERALL, 0L));
        if (unavailableMillis.containsKey(MERGED)) {
            line.put("longestUnavailableMergedMs", unavailableMillis.get(MERGED));
        }
        return Json.of(line);
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Promised: " + claim + ".");
        lines.add(row("acknowledged", count(Outcome.OK), "calls told OK"));
        lines.add(row("failed", count(Outcome.FAILED), "told FAILED: never executed"));
        lines.add(row("unknown", count(Outcome.UNKNOWN), "told UNKNOWN: may have been executed"));
        lines.add(
                row(
                        "lost",
                        verdict.lost(),
                        "acknowledged, and not there"
                                + (discards > 0 ? "; merges told of " + discards : "")));
        lines.add(row("duplicated", verdict.duplicated(), "there more than once"));
        lines.add(row("violations", violations(), "of the promise in all"));
        lines.add(row("unavailable", longest(), "ms at most without an acknowledged write" + by()));
        if (unavailableMillis.containsKey(MERGED)) {
            lines.add(
                    row(
                            "merged",
                            unavailableMillis.get(MERGED),
                            "ms at most without one, once all saw all again after a split"));
        }
        lines.add(
                row(
                        "faults",
                        faults.values().stream().mapToInt(Integer::intValue).sum(),
                        faults.entrySet().stream()
                                .map(each -> each.getValue() + " " + each.getKey().word())
                                .collect(Collectors.joining(", "))));
        verdict.examples().forEach(example -> lines.add("  ! " + example));
        lines.add(isGood() ? "GOOD: the promise was kept." : "BAD: the promise was not kept.");
        return lines;
    }

    private long longest() {
        return unavailableMillis.getOrDefault(OVERALL, 0L);
    }

    private String by() {
        String each =
                unavailableMillis.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(OVERALL))
                        .filter(entry -> !entry.getKey().equals(MERGED))
                        .map(entry -> entry.getKey() + " %,d".formatted(entry.getValue()))
                        .collect(Collectors.joining(", "));
        return each.isEmpty() ? "" : " (" + each + ")";
    }

    private static String row(String name, long number, String meaning) {
        return "  %-13s %,9d  %s".formatted(name, number, meaning).stripTrailing();
    }
}
