package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.EventFeed;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.protocol.Publication;
import io.tuli.protocol.Route;
import io.tuli.protocol.ServiceSpec;
import io.tuli.transport.RawPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is published meets strangers, members that read nothing, floods, and deaths. */
@Tag("U6")
class HostilePublishTest {

    private static final int THINGS = ServiceSpec.numberOf("things");
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final TestMeshes meshes = new TestMeshes();
    private Mesh server;
    private Service<Object> things;
    private Service<Object> used;
    private EventFeed.Running witness;
    private final AtomicInteger heard = new AtomicInteger();

    @BeforeEach
    void start() {
        server = meshes.server();
        things = server.serve("things", Object.class);
        used = synced(meshes.client().use("things", Object.class));
        witness = used.events().subjects("w.>").each(event -> heard.incrementAndGet());
        witness.ready().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    private void expectNobodyNoticed() {
        int before = heard.get();
        assertThat(things.publish("w.x", 1, WITHIN).join()).isOne();
        assertThat(heard.get()).isGreaterThanOrEqualTo(before);
        used.update("k", "v").reply().orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(witness.missed()).isZero();
    }

    private static Frame publish(Route route, long sequence, String subject) {
        return new Frame.Publish(
                route, sequence, new Publication(THINGS, subject, Payload.json("1")));
    }

    private static Frame interest(InterestItem... items) {
        return new Frame.Interest(1, 0, true, true, List.of(items));
    }

    @Test
    void whatAClientMustNotSayEndsItsLinkAndNobodyElseNotices() throws IOException {
        Route.Part all = Route.Part.ALL;
        Route.Origin another = new Route.Origin(new MemberId(1, 2), 3);
        List<Frame> forbidden =
                List.of(
                        publish(Route.PLAIN, 0, "a.*"),
                        publish(Route.PLAIN, 0, ""),
                        publish(Route.PLAIN, 0, "$SYS.x"),
                        publish(Route.PLAIN, Long.MAX_VALUE, "w.x"),
                        publish(new Route(all, Route.Part.NOBODY, another, 0, 0), 0, "w.x"),
                        publish(new Route(all, all, another, 0, 0), 0, "w.x"),
                        interest(new InterestItem(THINGS, "a..b", "", false, 1)),
                        interest(new InterestItem(THINGS, ">", "", true, 1)),
                        interest(new InterestItem(THINGS, ">", "", false, Integer.MAX_VALUE)));
        for (Frame each : forbidden) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                raw.send(each);
                assertThat(raw.isClosedByPeer()).as("%s", each).isTrue();
            }
        }
        expectNobodyNoticed();
    }

    @Test
    void oddNumbersAndAnswersNobodyWaitsForAreTakenAsTheyCome() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            raw.send(publish(Route.PLAIN, 0, "w.x"));
            raw.send(publish(Route.PLAIN, 0, "w.x"));
            raw.send(new Frame.Heard(7, Integer.MAX_VALUE));
            raw.send(new Frame.InterestKnown(Long.MAX_VALUE, false));
            raw.send(new Frame.InterestKnown(3, true));
            raw.send(new Frame.Interest(9, 8, false, true, List.of()));
            raw.send(interest(new InterestItem(THINGS, "w.>", "g", false, 1)));
            expectNobodyNoticed();
        }
    }

    @Test
    @Tag("PT-38")
    void aMemberThatReadsNothingLosesWhatIsPublishedAndIsInNobodysWay() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            raw.send(interest(new InterestItem(THINGS, "flood", "", false, 1)));
            await().atMost(SOON).until(() -> things.publish("flood", "x") > 0);
            byte[] large = new byte[64 * 1024];
            int sent = 0;
            for (int i = 0; i < 1_000; i++) {
                sent += things.publish("flood", large);
            }

            assertThat(sent).as("of 1,000").isBetween(1, 500);
            expectNobodyNoticed();
        }
    }

    @Test
    void subjectsThatNeverComeAgainAndManyPatternsCostNobodyHisService() {
        List<EventFeed.Running> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(used.events().subjects("p." + i + ".>").each(event -> {}));
        }
        many.getLast().ready().orTimeout(20, TimeUnit.SECONDS).join();
        for (int i = 0; i < 20_000; i++) {
            things.publish("unique." + i, i);
        }
        assertThat(things.publish("p.7.x", 1, WITHIN).join()).isOne();
        assertThat(things.publish("p.1999.x", 1, WITHIN).join()).isOne();
        many.forEach(EventFeed.Running::close);
        await().atMost(SOON).until(() -> things.publish("unique.1", 1) == 0);
        expectNobodyNoticed();
    }

    @Test
    void membersMayDieWhileVeryMuchIsPublished() throws Exception {
        Mesh doomed = meshes.server();
        AtomicInteger there = new AtomicInteger();
        doomed.serve("things", Object.class)
                .events()
                .each(event -> there.incrementAndGet())
                .ready()
                .get(20, TimeUnit.SECONDS);
        Mesh client = meshes.client();
        client.use("things", Object.class)
                .events()
                .each(event -> there.incrementAndGet())
                .ready()
                .get(20, TimeUnit.SECONDS);
        int published = 0;
        int before = heard.get();
        for (int i = 0; i < 30_000; i++) {
            if (i == 10_000) {
                meshes.atOnce(
                        2,
                        index -> {
                            (index == 0 ? doomed : client).close(Duration.ZERO);
                            return index;
                        });
            }
            published += things.publish("w.all", i) > 0 ? 1 : 0;
        }
        assertThat(published).isEqualTo(30_000);
        assertThat(there.get()).isPositive();
        await().atMost(SOON)
                .until(() -> heard.get() - before + witness.dropped() + witness.missed() >= 30_000);
        assertThat(things.publish("w.again", 1, WITHIN).join()).isOne();
    }
}
