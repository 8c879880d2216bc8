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
import io.tuli.Verbs;
import io.tuli.codec.JsonDocuments;
import io.tuli.log.Changelog;
import io.tuli.log.SourceMark;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Folds that wait behind one whose handler takes its time, at an owner. */
class QueuedFoldsTest {

    private static final int SOURCE = 77;
    private static final int FOLDS = 100_000;
    private static final MemberId SELF = new MemberId(1, 1);
    private static final ServiceSpec SERVICE =
            new ServiceSpec(ServiceSpec.numberOf("s"), "s", 1, true, Partitioner.TOP_LEVEL);

    private final SpokenEffects effects = new SpokenEffects(this::log);
    private final SharedState state = new SharedState();
    private final PartitionRouter core =
            new PartitionRouter(SELF, Limits.defaults(), new JsonDocuments(), effects.all());

    @Test
    @Tag("FE-29")
    void aHundredThousandQueuedFoldsAreHandledInOneGo() {
        own();
        effects.slow();
        core.step(fold(0), 1);
        effects.quick();
        for (int i = 1; i < FOLDS; i++) {
            core.step(fold(i), 1);
        }

        core.step(decided(1, new Decision.Pass()), 1);

        assertThat(state.get("sum").document()).isEqualTo(Payload.json("" + (FOLDS - 1)));
    }

    @Test
    void aFoldThatAClosingMemberDeclinesIsNotConsumed() {
        own();
        effects.slow();
        core.step(fold(0), 1);

        core.step(decided(1, new Decision.Decline()), 1);
        assertThat(state.get("first")).isNull();
        assertThat(log().end()).as("only the epoch was opened").isEqualTo(opened());

        core.step(new Input.Tick(), 1);
        core.step(decided(2, new Decision.Pass()), 1);
        assertThat(state.get("first").document()).isEqualTo(Payload.json("1"));
    }

    private static Input decided(int task, Decision decision) {
        return new Input.Decided(SERVICE.number(), 0, 1L << 32 | task, decision);
    }

    private static LogPosition opened() {
        return new LogPosition(new Epoch(1, SELF.incarnation()), 1);
    }

    private Changelog log() {
        return core.replica(SERVICE.number(), 0).log();
    }

    private void own() {
        core.open(SERVICE, partition -> true, partition -> state);
        Ring ring = Ring.of(1, List.of(SELF), List.of());
        core.step(new Input.RingChanged(SERVICE.number(), ring), 0);
        assertThat(core.replica(SERVICE.number(), 0).isOwner()).isTrue();
    }

    private static Input fold(int number) {
        Frame.Request request =
                new Frame.Request(
                        SERVICE.number(),
                        0,
                        0,
                        new RequestId(SOURCE, number + 1),
                        0,
                        Integer.MAX_VALUE,
                        Commit.safe(),
                        Verbs.INCREMENT,
                        Key.of(number == 0 ? "first" : "sum"),
                        Payload.json("1"),
                        Collections.emptySortedMap());
        LogPosition at = new LogPosition(new Epoch(1, 9), number + 1);
        return new Input.Folded(request, List.of(new SourceMark(SOURCE, 0, at, SourceMark.ALL)));
    }
}
