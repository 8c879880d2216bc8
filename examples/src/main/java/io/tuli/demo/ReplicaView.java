package io.tuli.demo;

import io.tuli.Service;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that one member's own copies hold.
 *
 * @param member whose copies
 * @param flights by route, in the order they lie there
 * @param airports by code
 */
record ReplicaView(String member, Map<String, List<Flight>> flights, Map<String, Delays> airports) {

    /** Reads the copies of this process. */
    static ReplicaView of(String member, Service<Route> flights, Service<Delays> airports) {
        Map<String, List<Flight>> routes = new TreeMap<>();
        flights.state().forEach((key, route) -> routes.put(key, route.flights()));
        return new ReplicaView(member, routes, new TreeMap<>(airports.state()));
    }
}
