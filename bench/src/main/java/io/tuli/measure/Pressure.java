package io.tuli.measure;

import org.HdrHistogram.Histogram;

/**
 * What became of messages that arrived at a fixed rate, more of them than could be answered.
 *
 * @param offered all that were due
 * @param answered rightly
 * @param refused by their owner, or by the caller's own limit
 * @param heldBack never sent: the caller was made to wait for longer than a message has patience
 * @param failed in any other way
 * @param nanos from the first that was due until the last outcome
 * @param p50Nanos and so on: from due to answered
 * @param refusalP99Nanos from due to refused or given up
 */
public record Pressure(
        long offered,
        long answered,
        long refused,
        long heldBack,
        long failed,
        long nanos,
        long p50Nanos,
        long p99Nanos,
        long refusalP99Nanos,
        long refusalMaxNanos) {

    /** How many became what. */
    record Outcomes(long offered, long answered, long refused, long heldBack, long failed) {}

    static Pressure of(Outcomes all, long nanos, Histogram answers, Histogram refusals) {
        return new Pressure(
                all.offered,
                all.answered,
                all.refused,
                all.heldBack,
                all.failed,
                nanos,
                answers.getValueAtPercentile(50),
                answers.getValueAtPercentile(99),
                refusals.getValueAtPercentile(99),
                refusals.getMaxValue());
    }
}
