package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tuli.Epoch;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.secret.Role;
import io.tuli.transport.RawPeer;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.FrameType;
import io.tuli.wire.RandomFrames;
import io.tuli.wire.WireLimits;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Frames of every type from a member that was let in, under each role, half of them with bits that
 * were flipped: no partition changes its epoch or its owner for what is no server, who may only
 * read changes nothing, and everybody else is answered.
 */
@Tag("U6")
class FuzzedRolesTest {

    private static final int THINGS = ServiceSpec.numberOf("things");
    private static final int PARTITIONS = 8;
    private static final int LINKS = 3;
    private static final int FRAMES = 20;

    private final TestMeshes meshes = new TestMeshes();
    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final RandomFrames frames = new RandomFrames(random, THINGS, PARTITIONS);
    private final FrameEncoder encoder = new FrameEncoder(WireLimits.of(Limits.defaults()));
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
    void close() {
        meshes.close();
    }

    @ParameterizedTest
    @EnumSource
    void noFrameOfALinkStopsAMember(Role role) throws IOException {
        Map<Integer, Epoch> epochs = epochs();
        long digest = server.report("things").digest();
        for (FrameType type : FrameType.values()) {
            if (type != FrameType.KEEP_ALIVE) {
                speak(role, () -> frames.of(type));
                assertThat(witness.read("known", String.class).reply())
                        .as("%s %s -Dtuli.seed=%d", role, type, seed)
                        .succeedsWithin(SOON)
                        .isEqualTo("before");
            }
        }
        assertThat(context(server).transport().refused()).containsKey(Refusal.BAD_FRAME);
        if (role == Role.READ_ONLY) {
            assertThat(server.report("things").digest()).isEqualTo(digest);
        }
        if (role != Role.SERVER) {
            assertThat(context(server).transport().refused()).containsKey(Refusal.FORBIDDEN_FRAME);
            assertThat(epochs()).as("%s -Dtuli.seed=%d", role, seed).isEqualTo(epochs);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(witness.update("k" + i, i).reply())
                    .as("%s -Dtuli.seed=%d", role, seed)
                    .succeedsWithin(SOON);
        }
        assertThat(server.closed()).isNotDone();
    }

    /** Links that say so much, or are closed before. */
    private void speak(Role role, Supplier<Frame> frame) throws IOException {
        for (int link = 0; link < LINKS; link++) {
            try (RawPeer raw = RawPeer.connect(server.self(), peer(role))) {
                raw.handshake(server.name(), role);
                for (int i = 0; i < FRAMES; i++) {
                    raw.send(bytes(frame.get()));
                }
                raw.closeHalf();
                assertThat(raw.isClosedByPeer()).isTrue();
            } catch (SocketException reset) {
                assertThat(reset).isNotNull(); // it said what it must not
            }
        }
    }

    private Member peer(Role role) {
        MemberId id = new MemberId(random.nextLong(), 1 + (random.nextLong() >>> 1));
        return new Member(id, "fuzzed", role.inMesh(), "127.0.0.1", role == Role.SERVER ? 1 : 0);
    }

    private byte[] bytes(Frame frame) {
        ByteBuf encoded = Unpooled.buffer();
        encoder.encode(frame, encoded);
        byte[] bytes = ByteBufUtil.getBytes(encoded);
        if (random.nextBoolean()) {
            int bits = (bytes.length - Integer.BYTES) * 8;
            int bit = Integer.BYTES * 8 + random.nextInt(bits);
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        return bytes;
    }

    private Map<Integer, Epoch> epochs() {
        return server.report("things").partitions().stream()
                .collect(
                        toMap(
                                ServiceReport.PartitionReport::partition,
                                ServiceReport.PartitionReport::epoch));
    }
}
