package io.tuli.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerNamesTest {

    private NameServer server;

    @BeforeEach
    void begin() throws IOException {
        server = new NameServer();
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Set<InetSocketAddress> look(String... texts) {
        return names(texts).look();
    }

    private static PeerNames names(String... texts) {
        return new PeerNames(Arrays.stream(texts).map(PeerNames::named).toList());
    }

    private String records(String name) {
        return "srv:" + name + "@" + server.address();
    }

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    @Test
    void allAddressesOfAllRecordsOfAServiceAreFound() throws IOException {
        server.services("_tuli._tcp.mesh.test", "one.test:4001", "two.test:4002");
        server.addresses("one.test", "127.0.0.3", "127.0.0.4");
        server.addresses("two.test", "127.0.0.5");

        assertThat(look(records("_tuli._tcp.mesh.test"), "127.0.0.6:4003"))
                .containsExactly(
                        at("127.0.0.3", 4001),
                        at("127.0.0.4", 4001),
                        at("127.0.0.5", 4002),
                        at("127.0.0.6", 4003));
    }

    @Test
    void whatTheServerDoesNotSayOfAHostTheSystemIsAsked() throws IOException {
        server.services("_tuli._tcp.mesh.test", "localhost:4001");

        assertThat(look(records("_tuli._tcp.mesh.test"))).contains(at("127.0.0.1", 4001));
    }

    @Test
    void aNameIsAskedForEachTime() throws IOException {
        PeerNames names = names(records("_tuli._tcp.mesh.test"));
        assertThat(names.look()).isEmpty();

        server.services("_tuli._tcp.mesh.test", "one.test:4001");
        server.addresses("one.test", "127.0.0.3");
        assertThat(names.look()).containsExactly(at("127.0.0.3", 4001));

        server.addresses("one.test", "127.0.0.4");
        assertThat(names.look()).containsExactly(at("127.0.0.4", 4001));
    }

    @Test
    void aServerThatSaysNothingHoldsUpTheOthersForAMomentOnly() {
        server.mute();

        assertThat(look(records("_tuli._tcp.mesh.test"), "127.0.0.6:4003"))
                .containsExactly(at("127.0.0.6", 4003));
        assertThat(server.asked()).isBetween(1, 4);
    }

    @Test
    void recordsThatAreNoneAreLeftOut() throws IOException {
        server.services("_tuli._tcp.mesh.test", "one.test:0");
        server.addresses("one.test", "127.0.0.3");

        assertThat(look(records("_tuli._tcp.mesh.test"))).isEmpty();
        assertThat(look("no-such-host.invalid:4001")).isEmpty();
    }

    @Test
    void aNameThatStandsForThousandsGivesAThousand() {
        List<ServiceRecords.Target> many =
                IntStream.rangeClosed(1, 2_000)
                        .mapToObj(
                                port -> new ServiceRecords.Target("x", port, List.of("127.0.0.9")))
                        .toList();
        PeerNames names =
                new PeerNames(
                        List.of(PeerNames.named("srv:_many")),
                        (name, server) -> many,
                        System::nanoTime);

        assertThat(names.look()).hasSize(PeerNames.ADDRESSES_MAX);
    }

    @Test
    void aHostThatAServerFailsWithHidesNoOther() throws IOException {
        server.services("_tuli._tcp.mesh.test", "one.test:4001", "two.test:4002");
        server.fail("one.test");
        server.addresses("two.test", "127.0.0.5");

        assertThat(look(records("_tuli._tcp.mesh.test"))).containsExactly(at("127.0.0.5", 4002));
    }

    @Test
    void namesWhoseServersSayNothingHoldUpTheOthersForOneLookOnly() {
        AtomicLong now = new AtomicLong();
        PeerNames names =
                new PeerNames(
                        Stream.of("srv:_a", "srv:_b", "srv:_c", "127.0.0.6:4003")
                                .map(PeerNames::named)
                                .toList(),
                        (name, server) -> {
                            now.addAndGet(PeerNames.LOOK_MOST.toNanos() / 2);
                            return List.of();
                        },
                        now::get);

        assertThat(names.look()).as("after three that say nothing").isEmpty();
        assertThat(names.look()).containsExactly(at("127.0.0.6", 4003));
    }
}
