package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tunnels between a client and a server that both are well. */
class TunnelTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private static Mesh server;
    private static Mesh client;
    private static Service<Void> talk;

    /** What the latest handler has ended with; empty where it returned. */
    private static final AtomicReference<CompletableFuture<String>> ENDED =
            new AtomicReference<>(new CompletableFuture<>());

    private static final AtomicReference<CountDownLatch> HELD =
            new AtomicReference<>(new CountDownLatch(0));

    record Line(int number, String text) {}

    @BeforeAll
    static void begin() {
        server = MESHES.server();
        server.serve(ServiceConfig.stateless("talk").tunnel(TunnelTest::talk).capacity(2_000));
        client = MESHES.client();
        talk = TestMeshes.servedBy(1, client, ServiceConfig.stateless("talk"));
    }

    @AfterAll
    static void end() {
        MESHES.close();
    }

    @AfterEach
    void nothingIsLeft() {
        HELD.get().countDown();
        await().pollDelay(Duration.ZERO)
                .pollInterval(SHORT)
                .atMost(SOON)
                .until(() -> open(server) == 0 && open(client) == 0);
        for (Mesh each : List.of(server, client)) {
            assertThat(context(each).memberRequests().tunnels().heldBytes()).isZero();
        }
    }

    private static int open(Mesh mesh) {
        return context(mesh).memberRequests().tunnels().open();
    }

    private static void talk(Message message, Tunnel tunnel) throws Exception {
        CompletableFuture<String> ended = ENDED.get();
        try {
            talking(message, tunnel);
            ended.complete("");
        } catch (TuliException told) {
            ended.complete(told.failure().name());
            throw told;
        } catch (Throwable thrown) {
            ended.complete(thrown.getClass().getSimpleName());
            throw thrown;
        }
    }

    private static void talking(Message message, Tunnel tunnel) throws Exception {
        switch (message.verb()) {
            case "ECHO" -> echo(tunnel);
            case "SUM" -> {
                CRC32 sum = new CRC32();
                while (tunnel.receiveTo(sum::update)) {
                    tunnel.send(sum.getValue());
                }
            }
            case "RETURN" -> {}
            case "GREET" -> tunnel.send(new Line(1, "hello " + message.body(String.class)));
            case "HOLD" -> {
                HELD.get().await();
                echo(tunnel);
            }
            case "THROW" -> {
                tunnel.send("before");
                throw new AssertionError("on purpose");
            }
            case "REFUSE" -> throw new TuliException(Failure.CONFLICT, "not now");
            default -> throw new IllegalArgumentException(message.verb());
        }
    }

    private static void echo(Tunnel tunnel) {
        Payload next = tunnel.receive(Payload.class);
        while (next != null) {
            tunnel.send(next);
            next = tunnel.receive(Payload.class);
        }
    }

    private static Tunnel open(String verb) {
        ENDED.set(new CompletableFuture<>());
        return talk.any().open(Message.of(verb, "x"));
    }

    private static Failure failureOf(Runnable waiting) {
        try {
            waiting.run();
            throw new AssertionError("it did not fail");
        } catch (TuliException told) {
            return told.failure();
        }
    }

    private static String handlerEnded() throws Exception {
        return ENDED.get().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Tag("IR-13")
    @Tag("PT-60")
    void whatIsSentComesInOrderBothWaysAndEachSideEndsByItself() {
        try (Tunnel tunnel = open("ECHO")) {
            assertThat(tunnel.peer()).isEqualTo(server.self().id());
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 500; i++) {
                                    tunnel.send(new Line(i, "line"));
                                }
                                tunnel.finish();
                            },
                            THREADS);
            for (int i = 0; i < 500; i++) {
                assertThat(tunnel.receive(Line.class)).isEqualTo(new Line(i, "line"));
            }
            assertThat(tunnel.receive(Line.class)).isNull();
            assertThat(tunnel.receive(Line.class)).as("and again").isNull();
            assertThat(sending).succeedsWithin(SOON);
            assertThatThrownBy(() -> tunnel.send("more")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Tag("IR-13")
    void aMemberOpensATunnelToItselfAndToOneParticularServer() {
        Service<Void> own = server.use(ServiceConfig.stateless("talk"));
        for (Service.One to : List.of(own.any(), own.member(server.self().id()))) {
            try (Tunnel tunnel = to.open(Message.of("GREET", "ada"))) {
                assertThat(tunnel.receive(Line.class)).isEqualTo(new Line(1, "hello ada"));
                assertThat(tunnel.receive(Line.class)).isNull();
            }
        }
    }

    @Test
    @Tag("IR-14")
    @Tag("PT-60")
    void aMessageOf64MiBGoesInPiecesAndNeitherSideHoldsMoreThanAWindow() throws Exception {
        byte[] large = new byte[64 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) ((i * 31) >> 3);
        }
        CRC32 sum = new CRC32();
        sum.update(large, 0, 9 << 20);
        try (Tunnel tunnel = open("SUM")) {
            tunnel.sendFrom(new ByteArrayInputStream(large, 0, 9 << 20)::read);
            assertThat(tunnel.receive(Long.class)).isEqualTo(sum.getValue());
        }
        try (Tunnel tunnel = open("ECHO")) {
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> tunnel.send(large), THREADS);
            assertThat(Arrays.equals(tunnel.receive(byte[].class), large)).isTrue();
            assertThat(sending).succeedsWithin(SOON);
        }
    }

    @Test
    @Tag("PT-60")
    void whoReceivesNothingIsSentAWindowAndTheSenderWaits() {
        HELD.set(new CountDownLatch(1));
        try (Tunnel tunnel = open("HOLD")) {
            int sent = 0;
            while (sent < 100) {
                try {
                    tunnel.send(new byte[20_000], SHORT);
                    sent++;
                } catch (TuliException full) {
                    assertThat(full.failure()).isEqualTo(Failure.TIMEOUT);
                    break;
                }
            }
            assertThat(sent).isBetween(1, 13);
            assertThat(tunnel.isOpen()).isTrue();
        }
    }

    @Test
    @Tag("IR-14")
    void aSendOrReceiveThatIsTooLateLeavesTheTunnelAsItWas() {
        HELD.set(new CountDownLatch(1));
        try (Tunnel tunnel = open("HOLD")) {
            assertThat(failureOf(() -> tunnel.receive(String.class, SHORT)))
                    .isEqualTo(Failure.TIMEOUT);
            assertThat(failureOf(() -> tunnel.send(new byte[8 << 20], SHORT)))
                    .isEqualTo(Failure.TIMEOUT);
            HELD.get().countDown();

            tunnel.send("after it");
            assertThat(tunnel.receive(String.class)).isEqualTo("after it");
            tunnel.finish();
            assertThat(tunnel.receive(String.class)).isNull();
        }
    }

    @Test
    @Tag("IR-14")
    void whatCannotBeReadOrWrittenIsLeftOutAndTheNextMessageFollows() throws Exception {
        try (Tunnel tunnel = open("ECHO")) {
            AtomicInteger pieces = new AtomicInteger();
            Tunnel.Source<IOException> broken =
                    into -> {
                        if (pieces.incrementAndGet() > 5) {
                            throw new IOException("a disk");
                        }
                        return into.length;
                    };
            assertThatThrownBy(() -> tunnel.sendFrom(broken)).hasMessage("a disk");
            for (int odd : List.of(0, Integer.MAX_VALUE)) {
                assertThatThrownBy(() -> tunnel.sendFrom(into -> odd))
                        .isInstanceOf(IllegalStateException.class);
            }
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(
                            () -> {
                                tunnel.send(new byte[300_000]);
                                tunnel.send("next");
                                tunnel.send("no number");
                                tunnel.send(Map.of("a", 1));
                                tunnel.finish();
                            },
                            THREADS);
            Tunnel.Sink<IOException> full =
                    bytes -> {
                        throw new IOException("no room");
                    };
            assertThatThrownBy(() -> tunnel.receiveTo(full)).hasMessage("no room");
            assertThat(tunnel.receive(String.class)).isEqualTo("next");
            assertThat(failureOf(() -> tunnel.receive(Integer.class)))
                    .isEqualTo(Failure.BAD_REQUEST);
            assertThat(tunnel.receive(Object.class)).isEqualTo(Map.of("a", 1));
            assertThat(tunnel.receiveTo(bytes -> {})).isFalse();
            assertThat(sending).succeedsWithin(SOON);
        }
    }

    @Test
    @Tag("PT-63")
    void aHandlerThatReturnsWithoutReceivingEndsTheTunnelOfWhoSends() throws Exception {
        try (Tunnel tunnel = open("RETURN")) {
            assertThat(tunnel.receive(String.class)).as("all it has sent").isNull();
            Failure told =
                    failureOf(
                            () -> {
                                while (true) {
                                    tunnel.send(new byte[50_000]);
                                }
                            });
            assertThat(told).isEqualTo(Failure.CANCELLED);
            assertThat(handlerEnded()).isEmpty();
        }
    }

    @Test
    @Tag("PT-63")
    void whatAHandlerThrowsIsToldAfterWhatItHasSent() {
        try (Tunnel tunnel = open("THROW")) {
            assertThat(tunnel.receive(String.class)).isEqualTo("before");
            assertThatThrownBy(() -> tunnel.receive(String.class))
                    .isInstanceOfSatisfying(
                            TuliException.class,
                            told -> assertThat(told.failure()).isEqualTo(Failure.HANDLER_FAILED))
                    .hasMessageContaining("on purpose");
            assertThat(tunnel.isOpen()).isFalse();
        }
        try (Tunnel tunnel = open("REFUSE")) {
            assertThat(failureOf(() -> tunnel.receive(String.class))).isEqualTo(Failure.CONFLICT);
        }
    }

    @Test
    @Tag("PT-63")
    void whoClosesATunnelEndsItForWhoWaitsAtTheOtherSide() throws Exception {
        Tunnel tunnel = open("ECHO");
        tunnel.send("a");
        assertThat(tunnel.receive(String.class)).isEqualTo("a");
        tunnel.close();

        assertThat(handlerEnded()).isEqualTo("CANCELLED");
        assertThat(failureOf(() -> tunnel.send("b"))).isEqualTo(Failure.CANCELLED);
        assertThat(failureOf(() -> tunnel.receive(String.class))).isEqualTo(Failure.CANCELLED);
        tunnel.close();
        tunnel.finish();
    }

    @Test
    @Tag("IR-15")
    void anInterruptEndsATunnelCleanlyAtBothSides() throws Exception {
        for (String verb : List.of("ECHO", "HOLD")) {
            HELD.set(new CountDownLatch(1));
            Tunnel tunnel = open(verb);
            CompletableFuture<String> ended = ENDED.get();
            CompletableFuture<Failure> told = new CompletableFuture<>();
            CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
            Runnable wait =
                    verb.equals("ECHO")
                            ? () -> tunnel.receive(String.class)
                            : () -> tunnel.send(new byte[4 << 20]);
            Thread waiting =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        told.complete(failureOf(wait));
                                        Thread self = Thread.currentThread();
                                        isInterrupted.complete(self.isInterrupted());
                                    });
            await().atMost(SOON)
                    .until(
                            () ->
                                    waiting.getState() == Thread.State.WAITING
                                            || waiting.getState() == Thread.State.TIMED_WAITING);
            waiting.interrupt();
            assertThat(told).succeedsWithin(SOON).isEqualTo(Failure.CANCELLED);
            assertThat(isInterrupted).succeedsWithin(SOON).isEqualTo(true);
            assertThat(tunnel.isOpen()).isFalse();
            HELD.get().countDown();
            assertThat(ended).succeedsWithin(SOON).isIn("CANCELLED", "");
            tunnel.close();
        }
    }

    @Test
    @Tag("PT-63")
    void aTunnelEndsWhenItsTimeIsOver() throws Exception {
        ENDED.set(new CompletableFuture<>());
        Message briefly = Message.of("ECHO", "x").within(Duration.ofSeconds(1));
        try (Tunnel tunnel = talk.any().open(briefly)) {
            assertThat(failureOf(() -> tunnel.receive(String.class))).isEqualTo(Failure.TIMEOUT);
            assertThat(handlerEnded()).isIn("TIMEOUT", "CANCELLED");
        }
    }

    @Test
    @Tag("PT-64")
    void theTunnelAfterTheLastOneThatHasRoomIsRefused() {
        HELD.set(new CountDownLatch(1));
        List<Tunnel> all = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            all.add(talk.any().open(Message.of("HOLD", "x")));
        }

        assertThat(open(server)).isEqualTo(1_024);
        assertThat(failureOf(() -> open("ECHO"))).isEqualTo(Failure.OVERLOADED);
        Service<Void> own = server.use(ServiceConfig.stateless("talk"));
        assertThat(failureOf(() -> own.any().open(Message.of("ECHO", "x"))))
                .isEqualTo(Failure.OVERLOADED);

        HELD.get().countDown();
        all.forEach(Tunnel::close);
        await().atMost(SOON).until(() -> open(server) == 0 && open(client) == 0);
        try (Tunnel tunnel = open("GREET")) {
            assertThat(tunnel.receive(Line.class)).isEqualTo(new Line(1, "hello x"));
        }
    }

    @Test
    void aServiceWithoutAHandlerForTunnelsTakesNone() {
        server.serve(ServiceConfig.stateless("deaf", (message, turn) -> 1));
        Service<Void> deaf = TestMeshes.servedBy(1, client, ServiceConfig.stateless("deaf"));

        assertThatThrownBy(() -> deaf.any().open(Message.of("GO")))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        told -> assertThat(told.failure()).isEqualTo(Failure.METHOD_NOT_ALLOWED))
                .hasMessageContaining("takes no tunnels");
        assertThat(failureOf(() -> deaf.any().open(Message.of("$report"))))
                .isEqualTo(Failure.BAD_REQUEST);
        Service<Void> nobody = client.use(ServiceConfig.stateless("nobody"));
        assertThat(failureOf(() -> nobody.any().open(Message.of("GO").failFast())))
                .isEqualTo(Failure.NOT_FOUND);
    }

    @Test
    void nothingIsSentThatIsNothing() {
        try (Tunnel tunnel = open("ECHO")) {
            for (Object nothing : List.of(Payload.NONE, Payload.NULL, Payload.json("{"))) {
                assertThat(failureOf(() -> tunnel.send(nothing))).isEqualTo(Failure.BAD_REQUEST);
            }
            tunnel.send(new byte[0]);
            tunnel.send("");
            assertThat(tunnel.receive(byte[].class)).isEmpty();
            assertThat(tunnel.receive(String.class)).isEmpty();
        }
    }

    @Test
    void aLoopNeverWaitsInATunnel() throws Exception {
        Tunnel tunnel = open("ECHO");
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        context(client)
                .loops()
                .at(0)
                .thread()
                .execute(
                        () -> {
                            try {
                                talk.any().open(Message.of("ECHO"));
                            } catch (Throwable refused) {
                                thrown.complete(refused);
                            }
                        });
        assertThat(thrown).succeedsWithin(SOON).isInstanceOf(IllegalStateException.class);
        tunnel.close();
    }
}
