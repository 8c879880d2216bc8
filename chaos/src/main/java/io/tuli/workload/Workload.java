package io.tuli.workload;

import io.tuli.check.Verdict;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** What writers do, and what is promised to them. Thread-safe: all writers share it. */
public interface Workload {

    /** What is claimed in the presence of these faults, in words. */
    String claim(Set<Fault> faults);

    /** What a writer does next. */
    ChaosRequest next(int writer, RandomGenerator random);

    /** A request has ended. */
    default void ended(int writer, Operation operation) {}

    /** Judges the history. */
    Verdict judge(Evidence evidence);

    /** Of all readers, what the one found that found most. */
    static Verdict worst(
            Evidence evidence, BiFunction<String, Map<String, String>, Verdict> judge) {
        return evidence.reads().entrySet().stream()
                .map(read -> judge.apply(read.getKey(), read.getValue()))
                .max(Comparator.comparingLong(Verdict::violations))
                .orElseThrow(() -> new ChaosException("nobody could be read in the end"));
    }
}
