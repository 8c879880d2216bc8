package io.tuli.engine;

import io.tuli.error.Require;
import java.time.Duration;

/**
 * What a session may cost, and how its heart beats.
 *
 * @param pingInterval from a pong, or the beginning, to the next ping
 * @param pingTimeout from a ping to the pong at the latest; then the session ends
 * @param probeTimeout how long a WebSocket may take to become the session's
 * @param payloadMax bytes of one message, and of one body of a poll unless a single packet is
 *     larger
 * @param unsentPackets so many wait for the client at most; one more ends the session
 * @param unsentBytes so many bytes wait at most, the packet that comes last not counted
 */
public record EngineLimits(
        Duration pingInterval,
        Duration pingTimeout,
        Duration probeTimeout,
        int payloadMax,
        int unsentPackets,
        int unsentBytes) {

    /** Those of the original, and 1,000 packets or 1 MB unsent. */
    public static final EngineLimits STANDARD =
            new EngineLimits(
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    1_000_000,
                    1_000,
                    1_000_000);

    public EngineLimits {
        Require.argument(pingInterval.isPositive(), "a ping interval is positive", pingInterval);
        Require.argument(pingTimeout.isPositive(), "a ping timeout is positive", pingTimeout);
        Require.argument(probeTimeout.isPositive(), "a probe timeout is positive", probeTimeout);
        Require.argument(payloadMax >= 1_000, "a payload has at least 1,000 bytes", payloadMax);
        Require.argument(unsentPackets >= 1, "at least one packet may wait", unsentPackets);
        Require.argument(unsentBytes >= 1_000, "at least 1,000 bytes may wait", unsentBytes);
    }

    /** What a client is told of a new session. */
    String handshake(String id, boolean canUpgrade) {
        return "0{\"sid\":\""
                + id
                + "\",\"upgrades\":["
                + (canUpgrade ? "\"websocket\"" : "")
                + "],\"pingInterval\":"
                + pingInterval.toMillis()
                + ",\"pingTimeout\":"
                + pingTimeout.toMillis()
                + ",\"maxPayload\":"
                + payloadMax
                + "}";
    }
}
