package io.tuli.sim;

import static java.util.stream.Collectors.toSet;
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
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that follow and take nothing make nobody hold a copy of the state for each of them; who
 * takes what it is sent has its turn.
 */
class HeldSnapshotsTest {

    private static final int LIMIT_BYTES = 4 << 20;
    private static final int DOCUMENTS = 400;
    private static final int VALUE_BYTES = 30_000;
    private static final long SECOND = 1_000_000_000L;
    private static final long TICK = SECOND / 50;
    private static final MemberId SELF = new MemberId(1, 1);
    private static final MemberId MODEST = new MemberId(9, 9);
    private static final ServiceSpec SERVICE =
            new ServiceSpec(ServiceSpec.numberOf("s"), "s", 1, true, Partitioner.TOP_LEVEL);

    private final SpokenEffects effects =
            new SpokenEffects(() -> this.core.replica(SERVICE.number(), 0).log());
    private final PartitionRouter core =
            new PartitionRouter(
                    SELF,
                    Limits.builder().laggingBytes(LIMIT_BYTES).changelogBytes(100_000).build(),
                    new JsonDocuments(),
                    effects.all());
    private long now;

    @BeforeEach
    void fill() {
        core.open(SERVICE, partition -> true, partition -> new SharedState());
        Ring ring = Ring.of(1, List.of(SELF), List.of());
        core.step(new Input.RingChanged(SERVICE.number(), ring), 0);
        Payload body = Payload.json("\"" + "x".repeat(VALUE_BYTES) + "\"");
        for (int i = 0; i < DOCUMENTS; i++) {
            RequestId id = new RequestId(MODEST.incarnation(), i + 1);
            received(
                    MODEST,
                    new Frame.Request(
                            SERVICE.number(),
                            0,
                            i + 1,
                            id,
                            0,
                            20_000,
                            Commit.owner(),
                            "update",
                            Key.of("k" + i),
                            body,
                            new TreeMap<>()));
        }
        effects.taken();
    }

    private void received(MemberId from, Frame.OfPartition frame) {
        core.step(new Input.Received(from, frame), now);
        core.flush(now);
    }

    private void follow(MemberId client) {
        Epoch epoch = core.replica(SERVICE.number(), 0).epoch();
        LogPosition start = LogPosition.START;
        received(client, new Frame.Follow(SERVICE.number(), 0, epoch, start, start, false));
    }

    /** Who was sent a part of a snapshot since this was asked last. */
    private Set<String> served() {
        return effects.taken().stream()
                .filter(line -> line.contains(" snapshot "))
                .map(line -> line.split(" ")[1])
                .collect(toSet());
    }

    private Set<String> servedWithin(long seconds) {
        for (long end = now + seconds * SECOND; now < end; now += TICK) {
            core.step(new Input.Tick(), now);
            core.flush(now);
        }
        return served();
    }

    @Test
    void whoTakesNothingHoldsNoSecondStateAndLosesItsTurn() {
        for (int i = 0; i < 3; i++) {
            follow(new MemberId(100 + i, 100 + i));
        }
        follow(MODEST);
        assertThat(served()).containsExactly("M100");
        assertThat(servedWithin(4)).isEmpty();

        assertThat(servedWithin(3)).containsExactly("M101");
        assertThat(servedWithin(6)).containsExactly("M102");
        assertThat(servedWithin(6)).containsExactly("M9");
    }

    @Test
    void whoTakesWhatItIsSentIsDoneAndTheNextHasItsPlaceAtOnce() {
        follow(MODEST);
        follow(new MemberId(100, 100));
        assertThat(served()).containsExactly("M9");
        LogPosition at = core.replica(SERVICE.number(), 0).log().end();
        Epoch epoch = core.replica(SERVICE.number(), 0).epoch();
        Set<String> served = Set.of();
        for (int part = 0; part < DOCUMENTS && !served.contains("M100"); part++) {
            received(MODEST, new Frame.SnapshotTaken(SERVICE.number(), 0, epoch, at, part));
            served = servedWithin(0);
        }
        assertThat(served).contains("M100");
    }

    @Test
    void whoGoesGivesItsPlaceBack() {
        MemberId gone = new MemberId(100, 100);
        for (int i = 0; i < 20; i++) {
            follow(gone);
            follow(MODEST);
            core.step(new Input.LinkDown(gone), now);
            assertThat(servedWithin(1)).contains("M9");
            core.step(new Input.LinkDown(MODEST), now);
        }
    }
}
