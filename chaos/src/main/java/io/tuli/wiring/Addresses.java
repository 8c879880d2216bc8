package io.tuli.wiring;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the members of a network listen: place 3 is the third host of the subnet.
 *
 * @param subnet of all places, up to its last point
 * @param port the same at each
 */
record Addresses(String subnet, int port) {

    /**
     * Where a place listens, and where it is told the others are: the first so many places, but not
     * itself.
     */
    List<String> options(int place, int peers) {
        return List.of(
                "-Dtuli.bind=" + subnet + place,
                "-Dtuli.port=" + port,
                "-Dtuli.peers=" + peersOf(place, peers));
    }

    private String peersOf(int place, int peers) {
        return IntStream.rangeClosed(1, peers)
                .filter(peer -> peer != place)
                .mapToObj(peer -> subnet + peer + ":" + port)
                .collect(Collectors.joining(","));
    }
}
