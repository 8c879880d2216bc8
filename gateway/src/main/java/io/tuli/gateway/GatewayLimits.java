package io.tuli.gateway;

import io.tuli.error.Require;
import io.tuli.http.HttpLimits;
import java.time.Duration;

/**
 * What clients may have of a gateway: {@code GatewayLimits.DEFAULTS.connections(1_000)}. Immutable;
 * each method answers a changed copy. Each default is in docs/gateway.md.
 */
public final class GatewayLimits {

    /** Those that hold unless others are said. */
    public static final GatewayLimits DEFAULTS = new GatewayLimits(HttpLimits.DEFAULTS, 256);

    private static final int BODY_MAX = 1 << 30;

    private final HttpLimits http;
    private final int callsInFlight;

    private GatewayLimits(HttpLimits http, int callsInFlight) {
        this.http = http;
        this.callsInFlight = callsInFlight;
    }

    private GatewayLimits with(HttpLimits other) {
        return new GatewayLimits(other, callsInFlight);
    }

    /** Connections at a time: 20,000. More are closed at once. */
    public GatewayLimits connections(int count) {
        return with(http.connections(count));
    }

    /** Connections of one address at a time: 20,000. */
    public GatewayLimits connectionsPerAddress(int count) {
        return with(http.connectionsPerAddress(count));
    }

    /** Bytes of one request's body: 1 MiB. A larger one is 413. */
    public GatewayLimits bodyBytes(int bytes) {
        Require.argument(bytes <= BODY_MAX, "a body has at most 1 GiB", bytes);
        return with(http.bodyBytes(bytes));
    }

    /** Bytes of all bodies that are not answered yet: 64 MiB. What has no room is 503. */
    public GatewayLimits waitingBytes(long bytes) {
        return with(http.waitingBytes(bytes));
    }

    /** Requests that wait behind the one that is answered, on one connection: 16. */
    public GatewayLimits pipelined(int count) {
        return with(http.pipelined(count));
    }

    /** Calls in flight of one connection: 256. More are 429. */
    public GatewayLimits callsInFlight(int count) {
        Require.argument(count >= 1, "calls in flight must be >= 1", count);
        return new GatewayLimits(http, count);
    }

    /** From the first byte of a request to its last header: 10 seconds. */
    public GatewayLimits headersWithin(Duration within) {
        return with(http.within(http.within().headers(within)));
    }

    /** From there to the last byte of its body: 30 seconds. */
    public GatewayLimits bodyWithin(Duration within) {
        return with(http.within(http.within().body(within)));
    }

    /** Between requests of one connection: 60 seconds. */
    public GatewayLimits idleWithin(Duration within) {
        return with(http.within(http.within().idle(within)));
    }

    /** For a client to read a part of an answer: 30 seconds. */
    public GatewayLimits readingWithin(Duration within) {
        return with(http.within(http.within().reading(within)));
    }

    HttpLimits http() {
        return http;
    }

    int callsInFlight() {
        return callsInFlight;
    }

    @Override
    public String toString() {
        return "callsInFlight=" + callsInFlight + " " + http;
    }
}
