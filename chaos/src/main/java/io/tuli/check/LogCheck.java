package io.tuli.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A log holds every acknowledged element once, nothing else, and in an order that respects time:
 * what was acknowledged before another was begun stands before it.
 */
public final class LogCheck {

    private LogCheck() {}

    /**
     * Compares one log with what was appended to it.
     *
     * @param log its name, and where it was read, for the verdict
     * @param appended all that was tried, each element once
     * @param found the elements there, in order
     * @param apartNanos what was acknowledged longer than this before another was begun stands
     *     before it
     */
    public static Verdict check(
            String log, List<Added> appended, List<String> found, long apartNanos) {
        Findings findings = new Findings();
        Map<String, Span> spans = new HashMap<>();
        appended.forEach(each -> spans.put(each.element(), each.span()));
        Set<String> seen = new HashSet<>();
        for (String element : found) {
            Span span = spans.get(element);
            if (!seen.add(element)) {
                findings.duplicated("element " + element + " in " + log);
            } else if (span == null) {
                findings.wrong("invented: element " + element + " in " + log);
            } else if (span.hasFailed()) {
                findings.wrong("FAILED, but there: element " + element + " in " + log);
            }
        }
        for (Added each : appended) {
            if (each.span().isOk() && !seen.contains(each.element())) {
                findings.lost("element " + each.element() + " of " + log);
            }
        }
        checkOrder(log, spans, found, apartNanos, findings);
        return findings.verdict();
    }

    /** From the end: the first end among those that stand behind must not be before a beginning. */
    private static void checkOrder(
            String log,
            Map<String, Span> spans,
            List<String> found,
            long apartNanos,
            Findings findings) {
        String earliest = "";
        long earliestEnd = Long.MAX_VALUE;
        for (String element : found.reversed()) {
            Span span = spans.get(element);
            if (span == null) {
                continue;
            }
            if (earliestEnd < span.begunNanos() - apartNanos) {
                findings.wrong(
                        ("reordered: element %s of %s was acknowledged before %s was begun,"
                                        + " and yet stands behind it")
                                .formatted(earliest, log, element));
            }
            if (span.effectByNanos() < earliestEnd) {
                earliestEnd = span.effectByNanos();
                earliest = element;
            }
        }
    }
}
