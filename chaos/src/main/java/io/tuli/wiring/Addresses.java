package io.tuli.wiring;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the members of a network listen: place 3 is the third host of the subnet.
 *
 * @param subnet of all places, up to its last point
 * @param port the same at each
 */
record Addresses(String subnet, int port) {

    /** What a place is told of where the others are: the first so many places, but not itself. */
    String peersOf(int place, int peers) {
        return IntStream.rangeClosed(1, peers)
                .filter(peer -> peer != place)
                .mapToObj(peer -> subnet + peer + ":" + port)
                .collect(Collectors.joining(","));
    }
}
