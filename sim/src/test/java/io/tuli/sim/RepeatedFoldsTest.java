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
import io.tuli.log.SourceMark;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a split a request that both sides of the source executed comes to be folded twice. */
class RepeatedFoldsTest {

    private static final int SOURCE = 77;
    private static final int REMEMBERED = Limits.defaults().dedupPerCaller();
    private static final MemberId SELF = new MemberId(1, 1);
    private static final ServiceSpec SERVICE =
            new ServiceSpec(ServiceSpec.numberOf("s"), "s", 1, true, Partitioner.TOP_LEVEL);

    private final SpokenEffects effects =
            new SpokenEffects(() -> this.core.replica(SERVICE.number(), 0).log());
    private final SharedState state = new SharedState();
    private final PartitionRouter core =
            new PartitionRouter(SELF, Limits.defaults(), new JsonDocuments(), effects.all());
    private int folded;

    @BeforeEach
    void own() {
        core.open(SERVICE, partition -> true, partition -> state);
        Ring ring = Ring.of(1, List.of(SELF), List.of());
        core.step(new Input.RingChanged(SERVICE.number(), ring), 0);
        for (int i = 0; i < REMEMBERED; i++) {
            fold(id(i), false);
        }
        effects.taken();
    }

    /** As hashes are: in no order. */
    private static RequestId id(int number) {
        return new RequestId(Reserved.FOLDS, number % 2 == 0 ? -number : number);
    }

    @Test
    void whatIsRememberedIsFoldedOnce() {
        fold(id(0), true);

        assertThat(state.get("sum").document()).isEqualTo(Payload.json("" + REMEMBERED));
        assertThat(effects.taken()).noneMatch(line -> line.startsWith("inexact"));
    }

    @Test
    void whereSomeAreForgottenItIsToldThatOneMayBeFoldedTwice() {
        fold(id(REMEMBERED + 1), false);

        fold(id(0), true);

        assertThat(effects.taken()).anyMatch(line -> line.startsWith("inexact"));
    }

    @Test
    void ofIdsThatTheFoldGaveItIsToldToo() {
        fold(new RequestId(5, 1), false);

        fold(new RequestId(5, 1), true);

        assertThat(effects.taken()).anyMatch(line -> line.startsWith("inexact"));
    }

    private void fold(RequestId id, boolean mayBeRepeated) {
        Frame.Request request =
                new Frame.Request(
                        SERVICE.number(),
                        0,
                        0,
                        id,
                        mayBeRepeated ? 1 : 0,
                        Integer.MAX_VALUE,
                        Commit.safe(),
                        Verbs.INCREMENT,
                        Key.of("sum"),
                        Payload.json("1"),
                        Collections.emptySortedMap());
        LogPosition at = new LogPosition(new Epoch(1, 9), ++folded);
        SourceMark mark = new SourceMark(SOURCE, 0, at, SourceMark.ALL);
        core.step(new Input.Folded(request, List.of(mark)), 0);
    }
}
