package io.tuli.demo;

import java.util.List;

/**
 * The document of a route: its flights in the order in which their owner took them. A list and not
 * a map, so that a flight applied twice would show.
 */
record Route(List<Flight> flights) {

    static final Route EMPTY = new Route(List.of());

    Route {
        flights = List.copyOf(flights);
    }
}
