package io.tuli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Frame;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("PT-10")
class AskMemoryTest {

    private static final MemberId SLOW = new MemberId(1, 1);
    private static final MemberId FAST = new MemberId(2, 2);

    private final AskMemory memory = new AskMemory();

    @Test
    void whoAsksMuchIsForgottenAtOnceThoughAnOlderAnswerOfAnotherIsKept() {
        executed(SLOW, 0);

        for (int i = 0; i < 10 * AskMemory.OF_A_CALLER_MOST; i++) {
            executed(FAST, i);
        }

        assertThat(memory.kept()).isEqualTo(1 + AskMemory.OF_A_CALLER_MOST);
        assertThat(memory.find(SLOW, idOf(SLOW, 0))).isNotNull();
        assertThat(memory.find(FAST, idOf(FAST, 0))).isNull();

        memory.trim(AskMemory.KEPT_NANOS);
        assertThat(memory.kept()).isZero();
    }

    private void executed(MemberId from, int number) {
        Frame.Ask ask =
                new Frame.Ask(
                        7,
                        number,
                        idOf(from, number),
                        1_000,
                        "GO",
                        Key.NONE,
                        Payload.NONE,
                        Collections.emptySortedMap());
        Frame.Result result =
                new Frame.Result(
                        number, Outcome.OK, null, "", LogPosition.START, 0, false, Payload.NONE);
        memory.answered(memory.add(from, ask), result, 0);
    }

    private static RequestId idOf(MemberId from, int number) {
        return new RequestId(from.incarnation(), number + 1);
    }
}
