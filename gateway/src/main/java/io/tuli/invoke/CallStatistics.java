package io.tuli.invoke;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many calls of each service there were, how many of them failed, and how long they took. There
 * are as many as services that were named. Thread-safe.
 */
public final class CallStatistics {

    /** Four for each doubling of a microsecond: about a sixth between one and the next. */
    private static final int OF_A_DOUBLING = 4;

    private static final int BUCKETS = 27 * OF_A_DOUBLING;
    private static final double NANOS_LEAST = 1_000;

    private final Map<String, Counting> byPath = new ConcurrentHashMap<>();

    private static final class Counting {
        final LongAdder calls = new LongAdder();
        final LongAdder failures = new LongAdder();
        final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
    }

    /** All until now. */
    public static final class Counts {

        public static final Counts NONE = new Counts(0, 0, new long[BUCKETS]);

        private final long calls;
        private final long failures;
        private final long[] buckets;

        private Counts(long calls, long failures, long[] buckets) {
            this.calls = calls;
            this.failures = failures;
            this.buckets = buckets;
        }

        public long calls() {
            return calls;
        }

        public long failures() {
            return failures;
        }

        /** What has come since. */
        public Counts since(Counts earlier) {
            long[] more = new long[BUCKETS];
            for (int at = 0; at < BUCKETS; at++) {
                more[at] = buckets[at] - earlier.buckets[at];
            }
            return new Counts(calls - earlier.calls, failures - earlier.failures, more);
        }

        /**
         * Milliseconds within which so many of them have ended.
         *
         * @param share such as 0.99
         * @return 0 where there were none
         */
        public double millis(double share) {
            long all = 0;
            for (long each : buckets) {
                all += each;
            }
            long wanted = (long) Math.ceil(all * share);
            long seen = 0;
            for (int at = 0; at < BUCKETS && all > 0; at++) {
                seen += buckets[at];
                if (seen >= wanted) {
                    return NANOS_LEAST * Math.pow(2, (at + 1.0) / OF_A_DOUBLING) / 1e6;
                }
            }
            return 0;
        }
    }

    /** One more. */
    void ended(String path, long nanos, boolean isFailed) {
        Counting counting = byPath.computeIfAbsent(path, first -> new Counting());
        counting.calls.increment();
        if (isFailed) {
            counting.failures.increment();
        }
        counting.buckets.incrementAndGet(bucket(nanos));
    }

    private static int bucket(long nanos) {
        double doublings = Math.log(Math.max(1, nanos / NANOS_LEAST)) / Math.log(2);
        return Math.min(BUCKETS - 1, (int) (doublings * OF_A_DOUBLING));
    }

    /** Of all that were called, by path. */
    public Map<String, Counts> counts() {
        Map<String, Counts> all = new TreeMap<>();
        byPath.forEach(
                (path, counting) -> {
                    long[] buckets = new long[BUCKETS];
                    for (int at = 0; at < BUCKETS; at++) {
                        buckets[at] = counting.buckets.get(at);
                    }
                    all.put(
                            path,
                            new Counts(counting.calls.sum(), counting.failures.sum(), buckets));
                });
        return all;
    }
}
