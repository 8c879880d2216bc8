package io.tuli;

import java.time.Duration;

/**
 * Every bound there is. At a limit there is back-pressure, then a clear failure: never an unbounded
 * queue, never a silent drop. Settable in code, and as {@code tuli.<name>} or {@code TULI_<NAME>}
 * (see {@code docs/tuning.md}).
 *
 * @param messageBytes largest body, verb, key and headers of one message together
 * @param keyBytes largest key, in UTF-8
 * @param documentDepth deepest nesting of a document
 * @param requestDeadline of a call whose message has none
 * @param surveyDeadline of a survey whose message has none
 * @param callsInFlight calls of one member not yet ended; the caller waits, then OVERLOADED
 * @param queuedPerPartition requests that wait at an owner, for a take-over or for earlier ones of
 *     their key
 * @param outboxBytes what may wait on one link
 * @param feedUnconsumed changes fetched by a feed and not consumed
 * @param dedupWindow how long a request's identity is remembered after its caller's last request
 * @param dedupPerCaller identities remembered per caller and partition
 * @param tombstoneGrace how long a removed key is remembered, so that a side of a split that was
 *     away for less does not bring it back
 * @param changelogBytes kept per partition for whoever lags
 * @param laggingBytes kept over all partitions for whoever lags
 * @param handshakeBytes read from a stranger
 * @param handshakeTime a stranger's time to say who it is
 */
public record Limits(
        int messageBytes,
        int keyBytes,
        int documentDepth,
        Duration requestDeadline,
        Duration surveyDeadline,
        int callsInFlight,
        int queuedPerPartition,
        int outboxBytes,
        int feedUnconsumed,
        Duration dedupWindow,
        int dedupPerCaller,
        Duration tombstoneGrace,
        int changelogBytes,
        int laggingBytes,
        int handshakeBytes,
        Duration handshakeTime) {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public Limits {
        Require.argument(
                messageBytes >= KIB && messageBytes <= 64 * MIB,
                "message.bytes must be 1 KiB..64 MiB",
                messageBytes);
        Require.argument(
                keyBytes >= 16 && keyBytes <= 64 * KIB, "key.bytes must be 16..65536", keyBytes);
        Require.argument(
                documentDepth >= 1 && documentDepth <= 500,
                "document.depth must be 1..500",
                documentDepth);
        Require.argument(
                requestDeadline.isPositive(), "request.deadline must be positive", requestDeadline);
        Require.argument(callsInFlight >= 1, "calls.in.flight must be >= 1", callsInFlight);
        Require.argument(
                outboxBytes >= 2 * messageBytes,
                "outbox.bytes must be >= 2 x message.bytes",
                outboxBytes);
    }

    /** The same but for what may be kept for whoever lags. */
    public Limits lagging(int bytes) {
        return new Limits(
                messageBytes,
                keyBytes,
                documentDepth,
                requestDeadline,
                surveyDeadline,
                callsInFlight,
                queuedPerPartition,
                outboxBytes,
                feedUnconsumed,
                dedupWindow,
                dedupPerCaller,
                tombstoneGrace,
                changelogBytes,
                bytes,
                handshakeBytes,
                handshakeTime);
    }

    /** The limits of a member that was told nothing. */
    public static Limits defaults() {
        return new Limits(
                MIB,
                4 * KIB,
                64,
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                65_536,
                4_096,
                16 * MIB,
                1_000,
                Duration.ofMinutes(2),
                1_024,
                Duration.ofHours(24),
                64 * MIB,
                512 * MIB,
                16 * KIB,
                Duration.ofSeconds(5));
    }
}
