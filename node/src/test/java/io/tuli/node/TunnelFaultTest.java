package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LinkStatus;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.TunnelFrame;
import io.tuli.transport.Link;
import io.tuli.transport.RawPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tunnels of which one side, its link or its service ends; and what strangers say of them. */
class TunnelFaultTest {

    private static final int TALK = ServiceSpec.numberOf("talk");
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final TestMeshes meshes = new TestMeshes();
    private final BlockingQueue<Failure> handlers = new LinkedBlockingQueue<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private Mesh server;
    private Mesh client;
    private Service<Void> served;
    private Service<Void> used;

    @AfterEach
    void closeAll() {
        held.countDown();
        meshes.close();
    }

    private void begin(int capacity) {
        server = meshes.server();
        served = server.serve(config(capacity));
        client = meshes.client();
        used = TestMeshes.servedBy(1, client, ServiceConfig.stateless("talk"));
    }

    private ServiceConfig<Void> config(int capacity) {
        return ServiceConfig.stateless("talk", (message, turn) -> "said")
                .tunnel(this::talk)
                .capacity(capacity)
                .queue(0);
    }

    private void talk(Message message, Tunnel tunnel) throws InterruptedException {
        if (message.verb().equals("HOLD")) {
            held.await();
        }
        try {
            for (String next = tunnel.receive(String.class);
                    next != null;
                    next = tunnel.receive(String.class)) {
                tunnel.send(next);
            }
        } catch (TuliException ended) {
            handlers.add(ended.failure());
            throw ended;
        }
    }

    private Tunnel echo() {
        Tunnel tunnel = used.any().open(Message.of("ECHO"));
        tunnel.send("a");
        assertThat(tunnel.receive(String.class)).isEqualTo("a");
        return tunnel;
    }

    private static CompletableFuture<Failure> failureOf(Supplier<?> waiting) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        throw new AssertionError("it did not fail: " + waiting.get());
                    } catch (TuliException told) {
                        return told.failure();
                    }
                },
                THREADS);
    }

    private static CompletableFuture<Failure> receiving(Tunnel tunnel) {
        return failureOf(() -> tunnel.receive(String.class));
    }

    private static int open(Mesh mesh) {
        return context(mesh).memberRequests().tunnels().open();
    }

    private void expectNothingLeft() {
        await().atMost(SOON).until(() -> open(server) == 0 && open(client) == 0);
    }

    @Test
    @Tag("PT-61")
    @Tag("PT-63")
    void aLostLinkEndsATunnelWithAClearFailureAtBothSidesAndTheNextOneIsOpenedOverTheNewLink()
            throws Exception {
        begin(10);
        Tunnel tunnel = echo();
        CompletableFuture<Failure> told = receiving(tunnel);
        Link link = Objects.requireNonNull(context(server).transport().link(client.self().id()));
        link.close("a test breaks it");

        assertThat(told).succeedsWithin(SOON).isEqualTo(Failure.UNAVAILABLE);
        assertThat(handlers.poll(20, TimeUnit.SECONDS)).isEqualTo(Failure.UNAVAILABLE);
        expectNothingLeft();
        echo().close();
        assertThat(handlers.poll(20, TimeUnit.SECONDS)).isEqualTo(Failure.CANCELLED);
    }

    @Test
    @Tag("IR-16")
    @Tag("PT-63")
    void closingAServiceEndsItsTunnelsAtBothSidesAfterItIsDrained() throws Exception {
        begin(10);
        CompletableFuture<Failure> told = receiving(echo());
        served.close(Duration.ofMillis(200));

        assertThat(told).succeedsWithin(SOON).isEqualTo(Failure.CLOSED);
        assertThat(handlers.poll(20, TimeUnit.SECONDS)).isEqualTo(Failure.CLOSED);
        expectNothingLeft();

        served = server.serve(config(10));
        CompletableFuture<Failure> closed = receiving(echo());
        used.close(Duration.ofMillis(200));
        assertThat(closed).succeedsWithin(SOON).isEqualTo(Failure.CLOSED);
        assertThat(handlers.poll(20, TimeUnit.SECONDS)).isEqualTo(Failure.CANCELLED);
        expectNothingLeft();
    }

    @Test
    @Tag("IR-16")
    void aTunnelThatEndsWhileItsServiceIsDrainedIsServedToItsEnd() {
        begin(10);
        Tunnel tunnel = echo();
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> served.close(SOON), THREADS);
        await().atMost(SOON)
                .until(
                        () ->
                                context(server)
                                        .book()
                                        .find("talk")
                                        .orElseThrow()
                                        .closing()
                                        .hasBegun());
        tunnel.send("b");
        tunnel.finish();
        assertThat(tunnel.receive(String.class)).isEqualTo("b");
        assertThat(tunnel.receive(String.class)).isNull();
        assertThat(closing).succeedsWithin(SOON);
        expectNothingLeft();
    }

    @Test
    @Tag("IR-16")
    void closingAMeshEndsItsTunnelsAtBothSides() throws Exception {
        begin(10);
        CompletableFuture<Failure> own = receiving(echo());
        client.close(Duration.ZERO);
        assertThat(own).succeedsWithin(SOON).isEqualTo(Failure.CLOSED);
        assertThat(handlers.poll(20, TimeUnit.SECONDS))
                .isIn(Failure.CANCELLED, Failure.UNAVAILABLE);

        client = meshes.client();
        used = TestMeshes.servedBy(1, client, ServiceConfig.stateless("talk"));
        CompletableFuture<Failure> told = receiving(echo());
        server.close(Duration.ZERO);
        assertThat(told).succeedsWithin(SOON).isIn(Failure.CLOSED, Failure.UNAVAILABLE);
        assertThat(handlers.poll(20, TimeUnit.SECONDS)).isEqualTo(Failure.CLOSED);
    }

    @Test
    @Tag("SP-01")
    @Tag("PT-62")
    void ofAPairThereAreTwoAndAThirdIsRefusedOrWaits() throws Exception {
        begin(1);
        Tunnel tunnel = echo();
        Service<Void> third =
                TestMeshes.servedBy(1, meshes.client(), ServiceConfig.stateless("talk"));
        assertThat(failureOf(() -> third.member(server.self().id()).open(Message.of("ECHO"))))
                .succeedsWithin(SOON)
                .isEqualTo(Failure.OVERLOADED);
        assertThat(third.any().send(Message.of("SAY").within(Duration.ofMillis(50))).reply())
                .as("it takes the one place there is")
                .failsWithin(SOON);

        CompletableFuture<Tunnel> waits =
                CompletableFuture.supplyAsync(() -> third.any().open(Message.of("ECHO")), THREADS);
        tunnel.close();
        try (Tunnel next = waits.get(20, TimeUnit.SECONDS)) {
            next.send("b");
            assertThat(next.receive(String.class)).isEqualTo("b");
        }
    }

    @Test
    @Tag("PT-62")
    void whichServerHasATunnelIsChosenAsForACallAndAFullOneIsPassedOver() {
        begin(1);
        Mesh second = meshes.server();
        second.serve(config(1));
        Service<Void> both =
                TestMeshes.servedBy(2, meshes.client(), ServiceConfig.stateless("talk"));
        try (Tunnel one = both.any().open(Message.of("ECHO"));
                Tunnel other = both.any().open(Message.of("ECHO"))) {
            assertThat(List.of(one.peer(), other.peer()))
                    .containsExactlyInAnyOrder(server.self().id(), second.self().id());
        }
    }

    @Test
    @Tag("PT-60")
    void aHundredTunnelsThatNobodyReceivesFromAreInNoCallsWay() {
        begin(200);
        byte[] large = new byte[2 << 20];
        List<CompletableFuture<Failure>> sending = new CopyOnWriteArrayList<>();
        List<Tunnel> all = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 100; i++) {
            Tunnel tunnel = used.any().open(Message.of("HOLD"));
            all.add(tunnel);
            sending.add(
                    failureOf(
                            () -> {
                                tunnel.send(large);
                                return "sent";
                            }));
        }

        Service<Void> target = used;
        for (int i = 0; i < 50; i++) {
            assertThat(target.any().send(Message.of("SAY"), String.class).reply())
                    .succeedsWithin(SOON)
                    .isEqualTo("said");
        }
        assertThat(context(server).memberRequests().tunnels().heldBytes())
                .isLessThanOrEqualTo(64 << 20);
        assertThat(client.links().values()).doesNotContain(LinkStatus.DISCONNECTED);
        all.forEach(Tunnel::close);
        sending.forEach(each -> assertThat(each).succeedsWithin(SOON).isEqualTo(Failure.CANCELLED));
        held.countDown();
        expectNothingLeft();
    }

    @Test
    void whatAHandlerThrowsIsToldToThoseWhoWatchTheMember() {
        server = meshes.server();
        List<MeshEvent> events = new CopyOnWriteArrayList<>();
        server.events(events::add);
        served =
                server.serve(
                        ServiceConfig.stateless("talk")
                                .tunnel(
                                        (message, tunnel) -> {
                                            throw new StackOverflowError("on purpose");
                                        }));
        for (int i = 0; i < 20; i++) {
            try (Tunnel tunnel = served.any().open(Message.of("GO"))) {
                assertThat(receiving(tunnel))
                        .succeedsWithin(SOON)
                        .isEqualTo(Failure.HANDLER_FAILED);
            }
        }
        await().atMost(SOON)
                .until(
                        () ->
                                events.stream()
                                                .filter(
                                                        e ->
                                                                e.kind()
                                                                        == MeshEvent.Kind
                                                                                .HANDLER_FAILED)
                                                .count()
                                        == 20);
        assertThat(server.closed()).isNotDone();
        client = server;
        expectNothingLeft();
    }

    // ---- strangers -----------------------------------------------------------------------------

    private static Frame.Ask opening(long call, int window) {
        Frame.Ask ask =
                new Frame.Ask(
                        TALK,
                        call,
                        RequestId.named("open-" + call),
                        5_000,
                        "ECHO",
                        Key.NONE,
                        Payload.NONE,
                        new TreeMap<>());
        return ask.with(Extensions.NONE.opening(new Extensions.Opening(window, 60_000)));
    }

    @Test
    void whatNoHonestMemberSaysOfATunnelEndsItsLinkAndNobodyElseNotices() throws Exception {
        begin(100);
        Tunnel witness = echo();
        Payload byteOfIt = Payload.opaque(new byte[1]);
        List<Frame> broken =
                List.of(
                        new TunnelFrame.Piece(7, false, 1, TunnelFrame.Part.LAST, byteOfIt),
                        new TunnelFrame.Piece(7, false, 0, TunnelFrame.Part.LAST, Payload.NONE),
                        new TunnelFrame.Piece(7, false, 0, TunnelFrame.Part.GIVEN_UP, Payload.NONE),
                        new TunnelFrame.Piece(
                                7,
                                false,
                                0,
                                TunnelFrame.Part.LAST,
                                Payload.opaque(new byte[300_000])),
                        new TunnelFrame.Taken(7, false, 1),
                        new TunnelFrame.Taken(7, false, Long.MAX_VALUE),
                        new TunnelFrame.Piece(7, true, 0, TunnelFrame.Part.FINISH, Payload.NONE),
                        new TunnelFrame.Taken(7, true, 100));
        for (Frame each : broken) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                raw.send(opening(7, 1_000));
                raw.send(each);
                assertThat(raw.isClosedByPeer()).as("%s", each).isTrue();
            }
        }
        expectWitness(witness, 1);
    }

    private void expectWitness(Tunnel witness, int left) {
        witness.send("still");
        assertThat(witness.receive(String.class)).isEqualTo("still");
        await().atMost(SOON).until(() -> open(server) == left);
        witness.close();
    }

    @Test
    void oddTunnelsOfAStrangerTakeWhatTheyMayAndEndWithItsLink() throws IOException {
        begin(100);
        Tunnel witness = echo();
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            raw.send(new TunnelFrame.Piece(1, false, 9, TunnelFrame.Part.LAST, Payload.NULL));
            raw.send(new TunnelFrame.Taken(2, false, 5));
            raw.send(new Frame.Cancel(3));
            for (int i = 10; i < 30; i++) {
                raw.send(opening(i, 1));
            }
            for (int told = 0; told < 20; ) {
                told += raw.receive() instanceof TunnelFrame.Taken ? 1 : 0;
            }
            raw.send(opening(10, 1));
            raw.send(new TunnelFrame.Piece(11, false, 0, TunnelFrame.Part.LAST, Payload.json("[")));
            raw.send(
                    new TunnelFrame.Piece(
                            12, false, 0, TunnelFrame.Part.LAST, Payload.json("\"x\"")));
            raw.send(new TunnelFrame.Piece(13, false, 0, TunnelFrame.Part.FINISH, Payload.NONE));
            raw.send(new Frame.Cancel(14));
            await().atMost(SOON).until(() -> open(server) == 1 + 20 - 3);
        }
        expectWitness(witness, 1);
    }
}
