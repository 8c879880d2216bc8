package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.bridge.Bridge;
import io.tuli.bridge.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-99: subjects of one mesh in another, by members of both. */
@Tag("PT-99")
@Tag("NC-11")
class RelayTest {

    private static final int PUBLISHED = 500;

    private final TestMeshes shop = new TestMeshes();
    private final TestMeshes eu = new TestMeshes();
    private final List<Bridge> bridges = new ArrayList<>();
    private Mesh seller;
    private Service<Void> prices;

    @BeforeEach
    void start() {
        seller = shop.server();
        prices = seller.serve(served("prices"));
    }

    @AfterEach
    void close() {
        bridges.forEach(Bridge::close);
        eu.close();
        shop.close();
    }

    private static ServiceConfig<Void> served(String name) {
        return ServiceConfig.stateless(name, (message, turn) -> null);
    }

    private Bridge bridge(Mesh of, Mesh in, Relay... relays) {
        Bridge.Plan plan = Bridge.between(of, in);
        for (Relay relay : relays) {
            plan.relay(relay);
        }
        Bridge bridge = plan.start();
        bridges.add(bridge);
        return bridge;
    }

    /** All that a member hears of a service. */
    private static final class Ear {
        final List<Event> heard = new CopyOnWriteArrayList<>();
        final EventFeed.Running running;

        Ear(Mesh by, String service) {
            running =
                    by.use(ServiceConfig.stateless(service))
                            .events()
                            .limit(100_000)
                            .each(heard::add);
            running.ready().orTimeout(20, TimeUnit.SECONDS).join();
        }

        List<Integer> values() {
            return heard.stream().map(event -> event.value(Integer.class)).toList();
        }
    }

    private static List<Integer> all() {
        return IntStream.range(0, PUBLISHED).boxed().toList();
    }

    @Test
    @Tag("NC-13")
    void subjectsAreHeardUnderOtherNamesAndThoseThatAreNotNamedAreNot() {
        bridge(
                shop.server(),
                eu.server(),
                Relay.of("prices").subjects("eu.>", "all").as("shop.prices").under("from.shop"));
        Ear ear = new Ear(eu.client(), "shop.prices");

        prices.publish("eu.milan", 1);
        prices.publish("us.nyc", 2);
        prices.publish("all", 3);

        await().atMost(SOON).until(() -> ear.heard.size() == 2);
        assertThat(ear.heard)
                .extracting(Event::subject)
                .containsExactly("from.shop.eu.milan", "from.shop.all");
        assertThat(ear.heard).allMatch(event -> event.via().equals(List.of(shop.name())));
        assertThat(ear.values()).containsExactly(1, 3);
    }

    @Test
    void ofSeveralBridgesOneRelaysEach() {
        List<Bridge> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(bridge(shop.server(), eu.server(), Relay.of("prices").as("shop.prices")));
        }
        Ear ear = new Ear(eu.client(), "shop.prices");

        for (int i = 0; i < PUBLISHED; i++) {
            prices.publish("p." + i % 7, i);
        }

        await().atMost(SOON).until(() -> ear.heard.size() >= PUBLISHED);
        assertThat(ear.values()).containsExactlyInAnyOrderElementsOf(all());
        assertThat(both).allMatch(bridge -> bridge.relayed() > 0 && bridge.lost() == 0);
    }

    @Test
    void betweenMeshesThatAreBridgedBothWaysTwiceEachIsHeardOnceInEach() {
        Mesh there = eu.server();
        Service<Void> theirs = there.serve(served("prices"));
        for (int i = 0; i < 2; i++) {
            Mesh ours = shop.server();
            Mesh other = eu.server();
            bridge(ours, other, Relay.of("prices").into("prices"));
            bridge(other, ours, Relay.of("prices").into("prices"));
        }
        Ear here = new Ear(shop.client(), "prices");
        Ear beyond = new Ear(eu.client(), "prices");

        for (int i = 0; i < PUBLISHED; i++) {
            (i % 2 == 0 ? prices : theirs).publish("p", i);
        }

        for (Ear ear : List.of(here, beyond)) {
            await().atMost(SOON).until(() -> ear.heard.size() >= PUBLISHED);
            assertThat(ear.values()).containsExactlyInAnyOrderElementsOf(all());
        }
    }

    @Test
    void whatIsOnItsWayToABridgeThatDiesIsLostAndNothingIsHeardTwice() {
        Mesh doomed = shop.server();
        bridge(doomed, eu.server(), Relay.of("prices").as("shop.prices"));
        bridge(shop.server(), eu.server(), Relay.of("prices").as("shop.prices"));
        Ear ear = new Ear(eu.client(), "shop.prices");

        for (int i = 0; i < PUBLISHED; i++) {
            prices.publish("p", i);
            if (i == PUBLISHED / 2) {
                TestMeshes.context(doomed).transport().close();
            }
        }

        await().atMost(SOON)
                .until(
                        () -> {
                            prices.publish("p", PUBLISHED);
                            return ear.values().contains(PUBLISHED);
                        });
        List<Integer> first = ear.values().stream().filter(value -> value < PUBLISHED).toList();
        assertThat(new HashSet<>(first)).hasSameSizeAs(first);
        assertThat(first).hasSizeGreaterThan(PUBLISHED / 2);
    }

    @Test
    void aNameThatIsServedByOthersIsTakenAndOneThatIsToBeIsNotThere() {
        Mesh there = eu.server();
        there.serve(served("prices"));

        assertThatThrownBy(() -> bridge(shop.server(), there, Relay.of("prices")))
                .hasMessageContaining("names for itself");
        assertThatThrownBy(
                        () ->
                                Bridge.between(seller, there)
                                        .relay(Relay.of("prices").into("nothing"))
                                        .within(Duration.ofMillis(50))
                                        .start())
                .hasMessageContaining("service=nothing");
        assertThatThrownBy(() -> Relay.of("prices").subjects("a..b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Relay.of("prices").under("a.*"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSubjectThatGrowsTooLongIsLostAndCountedAndTheNextIsNot() {
        Bridge bridge =
                bridge(
                        shop.server(),
                        eu.server(),
                        Relay.of("prices").as("shop.prices").under("a".repeat(50)));
        Ear ear = new Ear(eu.client(), "shop.prices");

        prices.publish("b".repeat(230), 1);
        prices.publish("b", 2);

        await().atMost(SOON).until(() -> !ear.heard.isEmpty());
        assertThat(ear.values()).containsExactly(2);
        assertThat(bridge.lost()).isOne();
    }
}
