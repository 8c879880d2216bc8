package io.tuli.check;

import io.tuli.Outcome;
import java.util.List;

/** A counter shows every acknowledged increment, and of the unknown ones any part. */
public final class CounterCheck {

    /**
     * One increment.
     *
     * @param by more than 0
     * @param span when
     */
    public record Increment(long by, Span span) {
        public Increment {
            if (by <= 0) {
                throw new IllegalArgumentException("an increment is more than 0: " + by);
            }
        }
    }

    private CounterCheck() {}

    /**
     * Compares one counter with what was added to it.
     *
     * @param counter its name, and where it was read, for the verdict
     * @param increments all that were tried
     * @param found its value
     */
    public static Verdict check(String counter, List<Increment> increments, long found) {
        Findings findings = new Findings();
        long acknowledged = sum(increments, Outcome.OK);
        long unknown = sum(increments, Outcome.UNKNOWN);
        String facts =
                "%s is %d, of which %d were acknowledged and %d are unknown"
                        .formatted(counter, found, acknowledged, unknown);
        if (found < acknowledged) {
            findings.lost(facts);
        }
        if (found > acknowledged + unknown) {
            findings.duplicated(facts);
        }
        return findings.verdict();
    }

    private static long sum(List<Increment> increments, Outcome outcome) {
        return increments.stream()
                .filter(each -> each.span().outcome() == outcome)
                .mapToLong(Increment::by)
                .sum();
    }
}
