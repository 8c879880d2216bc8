package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import io.tuli.membership.Sighting.Standing;
import io.tuli.socket.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class BeaconTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Sighting WORDS =
            new Sighting(1, new MemberId(3, 4), true, 55_555, Standing.MEMBER);

    @Test
    void aSightingIsReadAsItWasWritten() {
        assertThat(Sighting.decode(WORDS.encode())).contains(WORDS);
    }

    @Test
    void everyOtherSightingIsNone() {
        byte[] bytes = WORDS.encode().array();
        bytes[5] = 4;

        assertThat(Sighting.decode(ByteBuffer.wrap(bytes))).isEmpty();
        assertThat(Sighting.decode(WORDS.encode().limit(32))).isEmpty();
        assertThat(Sighting.decode(ByteBuffer.allocate(Sighting.BYTES))).isEmpty();
    }

    @Test
    void everyMeshHasItsPortsBelowThoseOfOutgoingConnections() {
        for (long hash = -1_000; hash < 1_000; hash++) {
            assertThat(Beacon.firstPort(hash)).isBetween(20_000, 32_768 - Beacon.PORTS);
        }
    }

    @Test
    void whoeverConnectsIsTold() throws IOException {
        try (Beacon beacon = lit(firstPort())) {
            InetSocketAddress address = new InetSocketAddress(HERE, beacon.port());

            Map<InetSocketAddress, ByteBuffer> answers =
                    Probe.ask(List.of(address), Sighting.BYTES, PATIENCE);

            assertThat(Sighting.decode(answers.get(address))).contains(WORDS);
        }
    }

    @Test
    void theNextBeaconTakesTheNextPortAndTheSixtyFifthHasNone() throws IOException {
        int first = firstPort();
        List<Beacon> beacons = new ArrayList<>();
        for (Beacon beacon = lit(first); beacon != null; beacon = lit(first)) {
            beacons.add(beacon);
        }

        beacons.forEach(Beacon::close);

        assertThat(beacons).hasSizeLessThanOrEqualTo(Beacon.PORTS).hasSizeGreaterThan(1);
        assertThat(beacons.stream().map(Beacon::port).toList()).isSorted();
    }

    @Test
    void aClosedBeaconGivesItsPortBack() throws IOException {
        int first = firstPort();
        Beacon beacon = lit(first);
        int port = beacon.port();

        beacon.close();

        try (ServerSocket again = new ServerSocket(port, 5, HERE)) {
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void whoSaysNothingCostsThePatienceOfAllTogether() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 5, HERE);
                ServerSocket other = new ServerSocket(0, 5, HERE);
                Beacon beacon = lit(firstPort())) {
            List<InetSocketAddress> targets =
                    List.of(
                            new InetSocketAddress(HERE, one.getLocalPort()),
                            new InetSocketAddress(HERE, other.getLocalPort()),
                            new InetSocketAddress(HERE, beacon.port()));
            long start = System.nanoTime();

            Map<InetSocketAddress, ByteBuffer> answers =
                    Probe.ask(targets, Sighting.BYTES, Duration.ofMillis(300));

            assertThat(answers).containsOnlyKeys(targets.getLast());
            assertThat(Sockets.millisSince(start)).isBetween(250.0, 5_000.0);
        }
    }

    @Test
    void nobodyListeningIsKnownAtOnce() throws IOException {
        int free;
        try (ServerSocket closed = new ServerSocket(0, 5, HERE)) {
            free = closed.getLocalPort();
        }
        long start = System.nanoTime();

        List<InetSocketAddress> nobody = List.of(new InetSocketAddress(HERE, free));
        assertThat(Probe.ask(nobody, 1, Duration.ofSeconds(20))).isEmpty();

        assertThat(Sockets.millisSince(start)).isLessThan(10_000);
    }

    private static Beacon lit(int first) {
        return Beacon.light(HERE, first, () -> WORDS);
    }

    /** Ports of a mesh that hardly anybody else has. */
    private static int firstPort() {
        return Beacon.firstPort(ThreadLocalRandom.current().nextLong());
    }
}
