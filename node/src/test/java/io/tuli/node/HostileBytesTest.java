package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceDescription;
import io.tuli.ServiceReport;
import io.tuli.handshake.Refusal;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.transport.RawPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Noise on the ports of a member that runs: the state stays what it was, nobody else notices, each
 * kind is told once, and the member goes on. What single bytes do is tested where they are read.
 */
@Tag("U6")
class HostileBytesTest {

    private static final int CONNECTIONS = 300;
    private static final int THINGS = ServiceSpec.numberOf("things");

    private final TestMeshes meshes = new TestMeshes();
    private final List<MeshEvent> refused = new CopyOnWriteArrayList<>();
    private final List<MeshEvent> lost = new CopyOnWriteArrayList<>();
    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private Mesh server;
    private Service<Object> things;
    private Service<Object> witness;
    private ServiceReport before;

    @BeforeEach
    void start() throws IOException {
        server =
                meshes.join(
                        builder -> builder.name("server").settings(Map.of("handshake.time", "1s")));
        things = server.serve("things", Object.class);
        Mesh client = meshes.client();
        witness = synced(client.use("things", Object.class));
        witness.update("known", "before").reply().join();
        server.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.LINK_REFUSED) {
                        refused.add(event);
                    }
                });
        client.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.LINK_DOWN) {
                        lost.add(event);
                    }
                });
        before = server.report("things");
    }

    @AfterEach
    void nothingHasChangedAndAllGoOn() {
        try {
            ServiceReport after = server.report("things");
            assertThat(after.digest()).as("-Dtuli.seed=%d", seed).isEqualTo(before.digest());
            assertThat(after.owned()).isEqualTo(256);
            witness.update("known", "after").reply().join();
            assertThat(things.state()).isEqualTo(Map.of("known", "after"));
            assertThat(lost).isEmpty();
            Mesh late = meshes.client();
            assertThat(late.services())
                    .extracting(ServiceDescription::name)
                    .containsExactly("things");
        } finally {
            meshes.close();
        }
    }

    // ---- the cases -----------------------------------------------------------------------------

    @Test
    @Tag("B1")
    void b1RandomBytesOnEveryPort() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            byte[] noise = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(noise);
            noise[0] |= (byte) 0x80;
            pour(server.self().port(), noise);
        }

        assertToldOnce(Refusal.NOT_TULI, CONNECTIONS);
    }

    @Test
    @Tag("B2")
    void b2OtherProtocolsOnEveryPort() throws IOException {
        List<String> first =
                List.of(
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                        "*1\r\n$4\r\nPING\r\n",
                        "bela\u00007\u0000\u0006\u007f\u0000\u0000\u0001\u001f\u0090");
        for (String each : first) {
            pour(server.self().port(), each.getBytes(StandardCharsets.ISO_8859_1));
        }

        assertToldOnce(Refusal.NOT_TULI, first.size());
    }

    @Test
    @Tag("B3")
    void b3LengthsThatCannotBe() throws IOException {
        int[] lengths = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 64 << 20};
        for (int length : lengths) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                raw.send(ByteBuffer.allocate(5).putInt(length).put((byte) 3).array());
                assertThat(raw.isClosedByPeer()).isTrue();
            }
        }

        assertToldOnce(Refusal.BAD_FRAME, lengths.length);
    }

    @Test
    @Tag("B4")
    void b4FramesThatStopAnywhereAreNeverExecuted() throws IOException {
        byte[] whole = frame(update("known", Payload.json("\"forged\"")));
        for (int length = 1; length < whole.length; length++) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                raw.send(java.util.Arrays.copyOf(whole, length));
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    @Tag("B5")
    void b5WhatAClientMustNotSendEndsItsLink() throws IOException {
        Epoch future = new Epoch(1_000, 77);
        LogPosition far = new LogPosition(future, 1_000_000);
        Entry forged = Entry.opening(future, 0, 1);
        List<Frame> forbidden =
                List.of(
                        new Frame.Append(
                                THINGS,
                                1,
                                future,
                                LogPosition.START,
                                1,
                                Entries.of(List.of(forged))),
                        new Frame.Fence(THINGS, 1, future, 0),
                        new Frame.Promise(THINGS, 1, future, far, far),
                        new Frame.NotOwner(THINGS, 1, future),
                        new Frame.Follow(THINGS, 1, future, far, far, true));
        for (Frame each : forbidden) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                raw.send(each);
                assertThat(raw.isClosedByPeer()).as("%s", each).isTrue();
            }
        }

        assertToldOnce(Refusal.FORBIDDEN_FRAME, forbidden.size());
    }

    @Test
    @Tag("B5")
    void b5AnswersAndAcknowledgementsNobodyWaitsForAreIgnored() throws IOException {
        Epoch future = new Epoch(1_000, 77);
        LogPosition far = new LogPosition(future, 1_000_000);
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            raw.send(new Frame.Appended(THINGS, 1, future, far));
            raw.send(new Frame.Appended(THINGS, 1, epochOf(1), far));
            raw.send(new Frame.SnapshotTaken(THINGS, 1, future, far, 3));
            raw.send(new Frame.Stale(THINGS, 1, future));
            raw.send(new Frame.Accepted(new long[] {1, 2, Long.MAX_VALUE}));
            raw.send(new Frame.Redirect(3, future));
            raw.send(new Frame.Item(4, 5, Payload.json("6")));
            raw.send(new Frame.Credit(7, Integer.MAX_VALUE));
            raw.send(
                    new Frame.Result(
                            8, Outcome.OK, null, "", far, 255, false, Payload.json("\"forged\"")));
            raw.send(new Frame.Follow(THINGS, 99_999, future, far, far, false));
            raw.send(new Frame.Follow(12345, 1, future, far, far, false));
            raw.send(ask("$report"));
            raw.closeHalf();

            assertThat(raw.isClosedByPeer()).isTrue();
        }
        assertThat(refused).isEmpty();
    }

    @Test
    @Tag("B5")
    void b5EntriesOfAnotherThanTheEpochsOwnerAreIgnored() throws IOException {
        MemberId stranger = new MemberId(99, 99);
        Member rogue = new Member(stranger, "rogue", Member.Role.SERVER, "127.0.0.1", 1);
        Epoch future = new Epoch(1_000, 77);
        Entry forged = Entry.opening(future, 0, 1);
        try (RawPeer raw = RawPeer.connect(server.self(), rogue)) {
            raw.handshake(server.name());
            raw.send(
                    new Frame.Append(
                            THINGS, 1, future, LogPosition.START, 1, Entries.of(List.of(forged))));
            raw.send(new Frame.Fence(THINGS, 1, future, 0));
            raw.send(new Frame.Recall(THINGS, 1, future, List.of(), 5, 0));
            raw.closeHalf();

            assertThat(raw.isClosedByPeer()).isTrue();
        }
        assertThat(epochOf(1).number()).isLessThan(1_000);
    }

    @Test
    @Tag("B6")
    void b6WhoConnectsAndSaysNothingOrLittleIsPutOut() throws IOException {
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Socket socket = open(server.self().port());
            if (i % 3 > 0) {
                socket.getOutputStream().write('T');
            }
            crowd.add(socket);
        }

        long begun = System.nanoTime();
        for (Socket socket : crowd) {
            socket.setSoTimeout(5_000);
            assertThat(isClosed(socket)).isTrue();
        }
        assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
        assertThat(refused).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    @Tag("B7")
    void b7ConnectionsThatHalfCloseOrBreakOff() throws IOException {
        byte[] whole = frame(update("known", Payload.json("\"forged\"")));
        for (int i = 0; i < 50; i++) {
            open(server.self().port()).close();
            try (RawPeer half = RawPeer.connect(server.self())) {
                half.closeHalf();
                assertThat(half.isClosedByPeer()).isTrue();
            }
            RawPeer broken = RawPeer.connect(server.self());
            broken.handshake(server.name());
            broken.send(java.util.Arrays.copyOf(whole, whole.length / 2));
            broken.reset();
        }
        assertThat(refused).isEmpty();
    }

    @Test
    @Tag("B8")
    void b8WhoIsOfAnotherMeshStaysOut() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake("another-mesh");
                assertThat(raw.isClosedByPeer()).isTrue();
            } catch (IOException refusedAlready) {
                assertThat(refusedAlready).isNotNull();
            }
        }

        assertToldOnce(Refusal.FOREIGN_MESH, 10);
    }

    @Test
    @Tag("B9")
    void b9ValuesThatAreNoneAreRefusedByTheOwner() throws IOException {
        List<Payload> values =
                List.of(
                        Payload.json("NaN"),
                        Payload.json("{\"a\":"),
                        Payload.json("\u0000"),
                        Payload.json("[".repeat(10_000) + "]".repeat(10_000)),
                        Payload.json("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)),
                        Payload.json("9".repeat(500_000)));
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            for (Payload value : values.subList(0, 5)) {
                raw.send(update("forged", value));
            }
            raw.closeHalf();

            assertThat(raw.isClosedByPeer()).isTrue();
        }
    }

    // ---- means ---------------------------------------------------------------------------------

    private void assertToldOnce(Refusal why, long times) {
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(context(server).transport().refused())
                                        .containsEntry(why, times));
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().text()).startsWith(why.name());
    }

    private Epoch epochOf(int partition) {
        return server.report("things").partitions().stream()
                .filter(each -> each.partition() == partition)
                .findFirst()
                .orElseThrow()
                .epoch();
    }

    private static Socket open(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Sends all and waits for the end; who is put out before may see a reset. */
    private static void pour(int port, byte[] bytes) throws IOException {
        try (Socket socket = open(port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            assertThat(isClosed(socket)).isTrue();
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            byte[] rest = new byte[1_024];
            while (socket.getInputStream().read(rest) >= 0) {
                // what it said before
            }
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static byte[] frame(Frame frame) {
        io.netty.buffer.ByteBuf bytes = io.netty.buffer.Unpooled.buffer();
        new io.tuli.wire.FrameEncoder(io.tuli.wire.WireLimits.of(io.tuli.Limits.defaults()))
                .encode(frame, bytes);
        return io.netty.buffer.ByteBufUtil.getBytes(bytes);
    }

    private Frame update(String key, Payload value) {
        int partition = context(server).book().find("things").orElseThrow().spec().partitionOf(key);
        return new Frame.Request(
                THINGS,
                partition,
                1,
                new RequestId(random.nextLong(), 1),
                0,
                5_000,
                Commit.owner(),
                "update",
                Key.of(key),
                value,
                new TreeMap<>());
    }

    private static Frame ask(String verb) {
        return new Frame.Ask(
                THINGS,
                1,
                new RequestId(5, 5),
                1_000,
                verb,
                Key.NONE,
                Payload.NONE,
                new TreeMap<>());
    }
}
