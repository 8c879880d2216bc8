package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.handshake.Refusal;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Snapshot;
import io.tuli.transport.RawPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Frames that are well formed and say what no honest member does: they end their link at most. No
 * partition stops, no member leaves, and everybody else is answered.
 */
class OddFramesTest {

    private static final int THINGS = ServiceSpec.numberOf("things");
    private static final int PARTITIONS = 8;

    private final TestMeshes meshes = new TestMeshes();
    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private Mesh server;
    private Service<Object> witness;

    @BeforeEach
    void start() {
        server = meshes.join(builder -> builder.loops(2));
        server.serve(ServiceConfig.of("things", Object.class).partitions(PARTITIONS));
        witness = synced(meshes.client().use("things", Object.class));
        witness.update("known", "before").reply().join();
    }

    @AfterEach
    void everybodyGoesOn() {
        try {
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(server.report("things").partitions())
                                            .as("-Dtuli.seed=%d", seed)
                                            .allMatch(each -> each.role().equals("owner")));
            for (int i = 0; i < 50; i++) {
                assertThat(witness.update("k" + i, i).reply())
                        .as("-Dtuli.seed=%d", seed)
                        .succeedsWithin(SOON);
            }
            assertThat(server.closed()).isNotDone();
        } finally {
            meshes.close();
        }
    }

    // ---- from a client -------------------------------------------------------------------------

    @Test
    void anEpochThatCannotBeCountedOnEndsTheLink() throws IOException {
        for (int number : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 1, 1 << 30}) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                LogPosition end = new LogPosition(new Epoch(number, 7), Long.MAX_VALUE);
                raw.send(new Frame.Follow(THINGS, 1, new Epoch(number, 7), end, end, false));

                assertThat(raw.isClosedByPeer()).isTrue();
            }
        }
        assertThat(context(server).transport().refused()).containsEntry(Refusal.BAD_FRAME, 3L);
    }

    @Test
    void callsOfOddNumbersAreAnsweredLikeOthers() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            for (int round = 0; round < 20; round++) {
                for (long call : new long[] {-1, -1, 0, 63, Long.MIN_VALUE, Long.MAX_VALUE, -1}) {
                    raw.send(request("slow" + call, call));
                    raw.send(new Frame.Cancel(call));
                    raw.send(new Frame.Credit(call, Integer.MAX_VALUE));
                }
            }
            raw.closeHalf();

            assertThat(raw.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void whateverAClientMaySayIsTaken() throws IOException {
        for (int i = 0; i < 30; i++) {
            try (RawPeer raw = RawPeer.connect(server.self())) {
                raw.handshake(server.name());
                for (int k = 0; k < 200; k++) {
                    raw.send(ofClient());
                }
                raw.closeHalf();
            } catch (IOException closed) {
                assertThat(closed).isNotNull(); // it said what it must not
            }
        }
    }

    @Test
    void aFrameOfVeryManyCallsIsTaken() throws IOException {
        long[] calls = new long[90_000];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = random.nextLong() >>> 50;
        }
        try (RawPeer raw = RawPeer.connect(server.self())) {
            raw.handshake(server.name());
            raw.send(new Frame.Accepted(calls));
            raw.closeHalf();

            assertThat(raw.isClosedByPeer()).isTrue();
        }
    }

    // ---- from a server -------------------------------------------------------------------------

    @Test
    void whateverAServerSaysStopsNoPartition() throws IOException {
        for (int i = 0; i < 400; i++) {
            MemberId id = new MemberId(random.nextLong(), 1 + (random.nextLong() >>> 1));
            Member rogue = new Member(id, "rogue", Member.Role.SERVER, "127.0.0.1", 1);
            try (RawPeer raw = RawPeer.connect(server.self(), rogue)) {
                raw.handshake(server.name());
                for (int k = 0; k < 1 + random.nextInt(5); k++) {
                    raw.send(ofServer(id));
                }
                raw.closeHalf();
            } catch (IOException closed) {
                assertThat(closed).isNotNull(); // it said what it must not
            }
        }
    }

    // ---- frames --------------------------------------------------------------------------------

    private Frame ofClient() {
        return switch (random.nextInt(9)) {
            case 0 -> request("k" + random.nextInt(100), random.nextLong());
            case 1 ->
                    new Frame.Ask(
                            service(),
                            random.nextLong(),
                            id(),
                            number(),
                            verb(),
                            key(),
                            body(),
                            new TreeMap<>());
            case 2 -> new Frame.Cancel(random.nextLong() >>> random.nextInt(64));
            case 3 -> new Frame.Credit(random.nextLong() >>> random.nextInt(64), number());
            case 4 -> new Frame.Accepted(random.longs(random.nextInt(50)).toArray());
            case 5 ->
                    new Frame.Result(
                            random.nextLong() >>> random.nextInt(64),
                            Outcome.values()[random.nextInt(3)],
                            random.nextBoolean() ? null : Failure.values()[random.nextInt(13)],
                            "odd",
                            position(epoch(5)),
                            number(),
                            random.nextBoolean(),
                            body());
            case 6 -> new Frame.Redirect(random.nextLong() >>> random.nextInt(64), epoch(5));
            case 7 -> new Frame.Appended(service(), partition(), epoch(5), position(epoch(5)));
            default ->
                    new Frame.SnapshotTaken(
                            service(), partition(), epoch(5), position(epoch(5)), number());
        };
    }

    private Frame ofServer(MemberId self) {
        Epoch epoch = epoch(self.incarnation());
        LogPosition at = position(epoch);
        LogPosition other = position(epoch(self.incarnation()));
        int partition = partition();
        return switch (random.nextInt(12)) {
            case 0 -> new Frame.Fence(THINGS, partition, epoch, random.nextLong());
            case 1 -> new Frame.Promise(THINGS, partition, epoch, at, other);
            case 2 -> new Frame.NotYet(THINGS, partition, epoch, random.nextLong());
            case 3 -> new Frame.Fetch(THINGS, partition, epoch, at, other);
            case 4 ->
                    new Frame.Fetched(
                            THINGS,
                            partition,
                            epoch,
                            at,
                            other,
                            entries(epoch),
                            random.nextBoolean());
            case 5 -> new Frame.Follow(THINGS, partition, epoch, at, other, true);
            case 6 -> new Frame.Append(THINGS, partition, epoch, at, offset(), entries(epoch));
            case 7 -> new Frame.Appended(THINGS, partition, epoch, at);
            case 8 ->
                    new Frame.SnapshotPart(
                            THINGS,
                            partition,
                            epoch,
                            at,
                            random.nextInt(2),
                            random.nextBoolean(),
                            snapshot(epoch));
            case 9 ->
                    new Frame.Recall(
                            THINGS, partition, epoch, List.of(at, other), offset(), offset());
            case 10 ->
                    new Frame.Recalled(
                            THINGS,
                            partition,
                            epoch,
                            offset(),
                            offset(),
                            random.nextBoolean(),
                            entries(epoch));
            default -> new Frame.NotOwner(THINGS, partition, epoch);
        };
    }

    private Frame request(String key, long call) {
        return new Frame.Request(
                THINGS,
                context(server).book().find("things").orElseThrow().spec().partitionOf(key),
                call,
                id(),
                number(),
                number(),
                random.nextBoolean()
                        ? new Commit(random.nextInt(128))
                        : Commit.disks(random.nextInt(1, 128)),
                verb(),
                Key.of(key),
                body(),
                new TreeMap<>());
    }

    private Snapshot snapshot(Epoch epoch) {
        return new Snapshot(
                List.of(),
                List.of(new Snapshot.Reply(id(), offset(), random.nextLong(), body())),
                List.of(),
                random.nextBoolean() ? List.of() : List.of(position(epoch), position(epoch)),
                random.nextBoolean() ? List.of() : List.of(entries(epoch)));
    }

    private Entries entries(Epoch epoch) {
        List<Entry> entries = new ArrayList<>();
        long offset = offset();
        for (int i = 0; i < random.nextInt(4); i++) {
            Epoch of = random.nextBoolean() ? epoch : epoch(epoch.owner());
            long at = random.nextInt(4) == 0 ? offset() : offset + i;
            entries.add(Entry.opening(of, Math.max(0, at), random.nextLong()));
        }
        return Entries.of(entries);
    }

    private int service() {
        return random.nextInt(4) == 0 ? random.nextInt() : THINGS;
    }

    private int partition() {
        return random.nextInt(8) == 0 ? number() : random.nextInt(PARTITIONS);
    }

    /** None that is allowed and leaves no room above it. */
    private Epoch epoch(long owner) {
        int number =
                switch (random.nextInt(6)) {
                    case 0 -> 0;
                    case 1 -> (1 << 30) + 1 + random.nextInt(1 << 20);
                    case 2 -> Integer.MAX_VALUE;
                    default -> 1 + random.nextInt(50);
                };
        return number == 0 ? Epoch.ZERO : new Epoch(number, owner);
    }

    private LogPosition position(Epoch epoch) {
        return random.nextInt(4) == 0 ? LogPosition.START : new LogPosition(epoch, offset());
    }

    private long offset() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            case 2 -> random.nextLong() >>> 1;
            default -> random.nextInt(4);
        };
    }

    private int number() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Integer.MAX_VALUE;
            default -> random.nextInt(20);
        };
    }

    private RequestId id() {
        return new RequestId(random.nextLong(), random.nextLong() >>> 1);
    }

    private String verb() {
        List<String> verbs =
                List.of("update", "remove", "add", "push", "$read", "$report", "x", "");
        return verbs.get(random.nextInt(verbs.size()));
    }

    private Key key() {
        return random.nextBoolean() ? Key.NONE : Key.of("k" + random.nextInt(100));
    }

    private Payload body() {
        return random.nextBoolean() ? Payload.NONE : Payload.json("{\"a\":[1]}");
    }
}
