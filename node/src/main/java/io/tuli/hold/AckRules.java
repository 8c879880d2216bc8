package io.tuli.hold;

import io.tuli.error.Require;
import java.time.Duration;
import java.util.List;

/**
 * How a consumer acknowledges. Immutable.
 *
 * @param inFlight changes that it has and has not acknowledged
 * @param ackWait within which a delivery is acknowledged, or comes again
 * @param attempts how often a change is delivered before it is rejected
 * @param backOff before each further attempt that is asked for without a delay; the last one counts
 *     for all that follow
 */
public record AckRules(int inFlight, Duration ackWait, int attempts, List<Duration> backOff) {

    private static final Duration WAIT_MIN = Duration.ofMillis(100);
    private static final Duration WAIT_MAX = Duration.ofDays(1);
    private static final Duration DELAY_MAX = Duration.ofDays(7);
    private static final int ATTEMPTS_MAX = 1_000_000;
    private static final int DELAYS_MAX = 100;

    public AckRules {
        backOff = List.copyOf(backOff);
        Require.argument(
                ackWait.compareTo(WAIT_MIN) >= 0 && ackWait.compareTo(WAIT_MAX) <= 0,
                "a delivery is acknowledged within 100 ms..1 day",
                ackWait);
        Require.argument(
                attempts >= 1 && attempts <= ATTEMPTS_MAX,
                "a change is delivered 1..1000000 times before it is rejected",
                attempts);
        Require.argument(
                !backOff.isEmpty() && backOff.size() <= DELAYS_MAX,
                "a back-off has 1..100 delays",
                backOff.size());
        backOff.forEach(AckRules::requireDelay);
    }

    /**
     * Those of a consumer that says nothing.
     *
     * @param inFlight as it is set
     */
    public static AckRules standard(int inFlight) {
        return new AckRules(
                inFlight,
                Duration.ofSeconds(30),
                5,
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1)));
    }

    public AckRules inFlight(int other) {
        return new AckRules(other, ackWait, attempts, backOff);
    }

    public AckRules ackWait(Duration other) {
        return new AckRules(inFlight, other, attempts, backOff);
    }

    public AckRules attempts(int other) {
        return new AckRules(inFlight, ackWait, other, backOff);
    }

    public AckRules backOff(List<Duration> other) {
        return new AckRules(inFlight, ackWait, attempts, other);
    }

    /** How long it is waited after so many attempts. */
    Duration delayAfter(int tried) {
        return backOff.get(Math.min(Math.max(1, tried), backOff.size()) - 1);
    }

    static Duration requireDelay(Duration delay) {
        Require.argument(
                !delay.isNegative() && delay.compareTo(DELAY_MAX) <= 0,
                "a change comes again after 0..7 days",
                delay);
        return delay;
    }
}
