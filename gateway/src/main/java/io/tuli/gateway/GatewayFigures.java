package io.tuli.gateway;

import java.util.List;

/**
 * A gateway in numbers. Immutable.
 *
 * @param connections of clients
 * @param sockets clients of Socket.IO with a session
 * @param streams of server-sent events
 * @param waitingBytes of requests that have not been answered
 * @param responses that it has given: five numbers, those of status 100 to 199 first
 */
public record GatewayFigures(
        int connections, int sockets, int streams, long waitingBytes, List<Long> responses) {

    public GatewayFigures {
        responses = List.copyOf(responses);
    }
}
