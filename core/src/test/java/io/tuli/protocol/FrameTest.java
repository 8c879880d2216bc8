package io.tuli.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import org.junit.jupiter.api.Test;

class FrameTest {

    @Test
    void whateverAnAnswerIsMadeWithItsDetailCanBeSent() {
        String text = "\uD83E" + "x".repeat(100_000);

        Frame.Result result =
                new Frame.Result(
                        1,
                        Outcome.FAILED,
                        Failure.CONFLICT,
                        text,
                        LogPosition.START,
                        0,
                        false,
                        Payload.NONE);
        Frame.End end = new Frame.End(1, 0, Failure.CONFLICT, text);

        assertThat(result.detail()).startsWith("\uFFFDxx").hasSize(1_000);
        assertThat(end.detail()).isEqualTo(result.detail());
    }
}
