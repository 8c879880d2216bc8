package io.tuli.measure;

import org.HdrHistogram.Histogram;

/**
 * What a client saw of one round.
 *
 * @param count messages
 * @param nanos from before the first was sent until the last was answered
 * @param p50Nanos and so on: from send to answer
 * @param allocatedBytes by the client's threads
 */
public record Sample(
        long count,
        long nanos,
        long p50Nanos,
        long p90Nanos,
        long p99Nanos,
        long p999Nanos,
        long p9999Nanos,
        long maxNanos,
        long allocatedBytes) {

    public static Sample of(long count, long nanos, Histogram latencies, long allocatedBytes) {
        return new Sample(
                count,
                nanos,
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(90),
                latencies.getValueAtPercentile(99),
                latencies.getValueAtPercentile(99.9),
                latencies.getValueAtPercentile(99.99),
                latencies.getMaxValue(),
                allocatedBytes);
    }
}
