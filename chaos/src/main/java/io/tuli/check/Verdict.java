package io.tuli.check;

import java.util.ArrayList;
import java.util.List;

/**
 * What a checker found. Immutable.
 *
 * @param lost acknowledged effects that are not there
 * @param duplicated effects that are there more often than they should be
 * @param violations everything found, the lost and the duplicated included
 * @param examples the first of them, for people
 */
public record Verdict(long lost, long duplicated, long violations, List<String> examples) {

    /** Nothing was found. */
    public static final Verdict GOOD = new Verdict(0, 0, 0, List.of());

    static final int EXAMPLES_MAX = 20;

    public Verdict {
        examples = List.copyOf(examples);
    }

    public boolean isGood() {
        return violations == 0;
    }

    /** What both found. */
    public Verdict and(Verdict other) {
        List<String> both = new ArrayList<>(examples);
        both.addAll(other.examples);
        return new Verdict(
                lost + other.lost,
                duplicated + other.duplicated,
                violations + other.violations,
                both.stream().limit(EXAMPLES_MAX).toList());
    }

    /** One violation that is neither a loss nor a duplicate. */
    public static Verdict violated(String example) {
        return new Verdict(0, 0, 1, List.of(example));
    }
}
