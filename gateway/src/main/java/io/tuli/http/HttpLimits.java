package io.tuli.http;

import io.tuli.error.Require;
import java.time.Duration;

/**
 * What a stranger may have of the server. Immutable.
 *
 * @param connections open at a time
 * @param connectionsPerAddress of them from one address
 * @param bodyBytes largest body of one request
 * @param waitingBytes of all bodies together that have not been answered
 * @param pipelined so many requests may wait behind the one that is answered
 * @param within what takes longer ends the connection
 */
public record HttpLimits(
        int connections,
        int connectionsPerAddress,
        int bodyBytes,
        long waitingBytes,
        int pipelined,
        Times within) {

    /** Longest first line of a request. */
    public static final int LINE_BYTES = 16 * 1024;

    /** Largest headers of a request. */
    public static final int HEADER_BYTES = 16 * 1024;

    public static final HttpLimits DEFAULTS =
            new HttpLimits(20_000, 20_000, 1 << 20, 64 << 20, 16, Times.DEFAULTS);

    public HttpLimits {
        Require.argument(connections >= 1, "connections must be >= 1", connections);
        Require.argument(
                connectionsPerAddress >= 1,
                "connections per address must be >= 1",
                connectionsPerAddress);
        Require.argument(bodyBytes >= 1, "a body has >= 1 bytes", bodyBytes);
        Require.argument(
                waitingBytes >= bodyBytes, "all bodies are not smaller than one", waitingBytes);
        Require.argument(pipelined >= 1, "pipelined requests must be >= 1", pipelined);
    }

    public HttpLimits connections(int count) {
        return new HttpLimits(
                count, connectionsPerAddress, bodyBytes, waitingBytes, pipelined, within);
    }

    public HttpLimits connectionsPerAddress(int count) {
        return new HttpLimits(connections, count, bodyBytes, waitingBytes, pipelined, within);
    }

    /** With room for at least one such body. */
    public HttpLimits bodyBytes(int bytes) {
        return new HttpLimits(
                connections,
                connectionsPerAddress,
                bytes,
                Math.max(waitingBytes, bytes),
                pipelined,
                within);
    }

    public HttpLimits waitingBytes(long bytes) {
        return new HttpLimits(
                connections, connectionsPerAddress, bodyBytes, bytes, pipelined, within);
    }

    public HttpLimits pipelined(int count) {
        return new HttpLimits(
                connections, connectionsPerAddress, bodyBytes, waitingBytes, count, within);
    }

    public HttpLimits within(Times other) {
        return new HttpLimits(
                connections, connectionsPerAddress, bodyBytes, waitingBytes, pipelined, other);
    }

    /**
     * How long things may take.
     *
     * @param headers from a request's first byte to its last header
     * @param body from there to its last byte
     * @param idle between requests
     * @param reading for the client to read so much of an answer that more can be written
     */
    public record Times(Duration headers, Duration body, Duration idle, Duration reading) {

        public static final Times DEFAULTS =
                new Times(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30));

        public Times {
            for (Duration each : new Duration[] {headers, body, idle, reading}) {
                Require.argument(each.isPositive(), "a time is positive", each);
            }
        }

        public Times headers(Duration other) {
            return new Times(other, body, idle, reading);
        }

        public Times body(Duration other) {
            return new Times(headers, other, idle, reading);
        }

        public Times idle(Duration other) {
            return new Times(headers, body, other, reading);
        }

        public Times reading(Duration other) {
            return new Times(headers, body, idle, other);
        }
    }
}
