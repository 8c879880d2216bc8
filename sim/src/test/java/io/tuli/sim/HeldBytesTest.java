package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.codec.JsonDocuments;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What requests take that wait is bounded in bytes, of one caller and of all. */
class HeldBytesTest {

    private static final int BUDGET = 4 << 20;
    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId OTHER = new MemberId(2, 2);
    private static final MemberId FLOODING = new MemberId(8, 8);
    private static final MemberId MODEST = new MemberId(9, 9);
    private static final String OVERLOADED = "FAILED OVERLOADED";
    private static final ServiceSpec SERVICE =
            new ServiceSpec(ServiceSpec.numberOf("s"), "s", 1, true, Partitioner.TOP_LEVEL);

    private final SpokenEffects effects =
            new SpokenEffects(() -> this.core.replica(SERVICE.number(), 0).log());
    private final PartitionRouter core =
            new PartitionRouter(
                    SELF,
                    Limits.builder().heldBytes(BUDGET).queuedPerPartition(1_000_000).build(),
                    new JsonDocuments(),
                    effects.all());
    private long calls;
    private long accepted;

    private void open(MemberId... servers) {
        core.open(SERVICE, partition -> true, partition -> new SharedState());
        ring(servers);
    }

    private void ring(MemberId... servers) {
        Ring ring = Ring.of(1, List.of(servers), List.of());
        core.step(new Input.RingChanged(SERVICE.number(), ring), 0);
    }

    private boolean isTaken(MemberId from, Commit commit, String key, Payload body) {
        effects.taken();
        calls++;
        RequestId id = new RequestId(from.incarnation(), calls);
        Frame.Request request =
                new Frame.Request(
                        SERVICE.number(),
                        0,
                        calls,
                        id,
                        0,
                        20_000,
                        commit,
                        "update",
                        Key.of(key),
                        body,
                        new TreeMap<>());
        core.step(new Input.Received(from, request), 0);
        core.flush(0);
        boolean isTaken = effects.taken().stream().noneMatch(line -> line.contains(OVERLOADED));
        accepted += isTaken ? 1 : 0;
        return isTaken;
    }

    @Test
    void repliesThatWaitForCopies() {
        open(SELF);
        joinedByOneThatAppendsNothing();
        assertFlood(Payload.json("1"), 600_000, 2_000);
    }

    private void joinedByOneThatAppendsNothing() {
        ring(SELF, OTHER);
        effects.taken();
    }

    private void assertFlood(Payload body, int times, int fewest) {
        for (int i = 0; i < times; i++) {
            isTaken(FLOODING, Commit.copies(2), "k" + i % 100, body);
        }

        long most = 1 + BUDGET / 2 / (300L + body.sizeBytes());
        assertThat(accepted).as("held of one caller").isBetween((long) fewest, most);
        assertThat(isTaken(MODEST, Commit.copies(2), "k", body)).as("others go on").isTrue();
    }

    @Test
    void largeRequestsThatWaitForCopies() {
        open(SELF);
        joinedByOneThatAppendsNothing();
        assertFlood(Payload.json("\"" + "x".repeat(100_000) + "\""), 1_000, 19);
    }

    /** One that promises nothing to this member, which the ring wants to be the owner. */
    private static MemberId silent() {
        long number = 2;
        while (!SELF.equals(
                Ring.of(1, List.of(SELF, new MemberId(number, number)), List.of()).ownerOf(0))) {
            number++;
        }
        return new MemberId(number, number);
    }

    @Test
    void requestsThatWaitForAnOwner() {
        open(SELF, silent());
        assertFlood(Payload.json("\"" + "x".repeat(1_000) + "\""), 20_000, 1_000);
    }

    @Test
    void requestsThatWaitForTheirKeysHandler() {
        open(SELF);
        effects.slow();
        assertFlood(Payload.json("\"" + "x".repeat(1_000) + "\""), 20_000, 1_000);
    }

    @Test
    void allCallersTogether() {
        open(SELF, silent());
        Payload body = Payload.json("\"" + "x".repeat(1_000) + "\"");
        for (int i = 0; i < 20_000; i++) {
            isTaken(new MemberId(100 + i % 50, 100 + i % 50), Commit.safe(), "k" + i, body);
        }

        assertThat(accepted).isBetween(2_000L, (long) BUDGET / 1_300);
    }

    @Test
    void whatWaitsNoMoreLeavesItsRoomToOthers() {
        open(SELF);
        joinedByOneThatAppendsNothing();
        Payload body = Payload.json("\"" + "x".repeat(10_000) + "\"");
        for (int round = 0; round < 5; round++) {
            accepted = 0;
            while (isTaken(FLOODING, Commit.copies(2), "k" + accepted, body)) {
                assertThat(accepted).isLessThan(1_000);
            }
            assertThat(accepted).as("taken in round " + round).isGreaterThan(150);
            acknowledgeAll();
        }
    }

    private void acknowledgeAll() {
        Epoch epoch = core.replica(SERVICE.number(), 0).epoch();
        LogPosition end = core.replica(SERVICE.number(), 0).log().end();
        received(new Frame.Follow(SERVICE.number(), 0, epoch, end, end, true));
        received(new Frame.Appended(SERVICE.number(), 0, epoch, end));
    }

    private void received(Frame.OfPartition frame) {
        core.step(new Input.Received(OTHER, frame), 0);
        core.flush(0);
    }
}
