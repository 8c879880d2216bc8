package io.tuli.demo;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import org.jspecify.annotations.Nullable;

/** The service that takes the flights in: one document per route, a verb of its own. */
final class FlightService {

    static final String NAME = "flights";

    private static final String FLIGHT = "FLIGHT";

    private FlightService() {}

    static ServiceConfig<Route> config() {
        return ServiceConfig.of(NAME, Route.class).handler(FlightService::handle);
    }

    /**
     * The request that brings a flight in. Its identity is the flight's: sent again, from wherever,
     * it is recognised and not applied again.
     */
    static Message request(Flight flight) {
        return Message.of(FLIGHT, flight).key(flight.route()).id("flight-" + flight.number());
    }

    /** Answers the flight's number, so that a reply that went astray would show. */
    private static @Nullable Object handle(Message message, Turn<Route> turn) {
        Flight flight = message.verb().equals(FLIGHT) ? message.body(Flight.class) : null;
        if (flight == null) {
            return turn.pass();
        }
        String list = flight.route() + ".flights";
        // One number tells whether there is a document yet; reading all of it would take longer.
        if (turn.value(list + ".0.number", Integer.class) == null) {
            turn.update(Route.EMPTY);
        }
        turn.push(list, flight);
        return flight.number();
    }
}
