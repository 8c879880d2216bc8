package io.tuli.browser;

import io.tuli.engine.EngineLimits;
import io.tuli.error.Require;
import java.time.Duration;

/**
 * What clients of Socket.IO may have. Immutable.
 *
 * @param engine of one session
 * @param sessions at a time
 * @param sessionsPerAddress of them from one address; a proxy is one
 * @param opening from one address, of those that are not connected to a namespace yet
 * @param calls of one session that are not answered; one more is refused with 429
 * @param callBytes of such calls; beyond it nothing more is read until some are answered
 * @param connectWithin a session that is not connected to a namespace by then ends
 */
public record SocketLimits(
        EngineLimits engine,
        int sessions,
        int sessionsPerAddress,
        int opening,
        int calls,
        int callBytes,
        Duration connectWithin) {

    public static final SocketLimits STANDARD =
            new SocketLimits(
                    EngineLimits.STANDARD,
                    20_000,
                    20_000,
                    1_000,
                    256,
                    1_000_000,
                    Duration.ofSeconds(45));

    public SocketLimits {
        Require.argument(sessions >= 1, "sessions must be >= 1", sessions);
        Require.argument(
                sessionsPerAddress >= 1, "sessions per address must be >= 1", sessionsPerAddress);
        Require.argument(opening >= 1, "sessions that open must be >= 1", opening);
        Require.argument(calls >= 1, "calls in flight must be >= 1", calls);
        Require.argument(callBytes >= 1_000, "calls in flight have >= 1,000 bytes", callBytes);
        Require.argument(connectWithin.isPositive(), "a time is positive", connectWithin);
    }
}
