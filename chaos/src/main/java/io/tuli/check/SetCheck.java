package io.tuli.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every acknowledged element is there, none was invented, and none was added twice. */
public final class SetCheck {

    private SetCheck() {}

    /**
     * Compares what was added with what a reader finds.
     *
     * @param reader who, for the verdict
     * @param added all that was tried, each element once
     * @param found each element there with how often it was added
     */
    public static Verdict check(String reader, List<Added> added, Map<String, Long> found) {
        Findings findings = new Findings();
        Map<String, Span> spans = new HashMap<>();
        for (Added each : added) {
            if (spans.put(each.element(), each.span()) != null) {
                throw new IllegalArgumentException("an element is added once: " + each.element());
            }
            if (each.span().isOk() && !found.containsKey(each.element())) {
                findings.lost("element " + each.element() + " on " + reader);
            }
        }
        found.forEach(
                (element, times) -> {
                    Span span = spans.get(element);
                    if (span == null) {
                        findings.wrong("invented: element " + element + " on " + reader);
                    } else if (span.hasFailed()) {
                        findings.wrong("FAILED, but there: element " + element + " on " + reader);
                    } else if (times != 1) {
                        findings.duplicated(
                                "element " + element + ", " + times + " times on " + reader);
                    }
                });
        return findings.verdict();
    }
}
