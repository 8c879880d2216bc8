package io.tuli.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PipelineTest {

    /** Answers at once, and counts the answers that were looked at. */
    private static final class Echo implements Sender {
        private long checked;

        @Override
        public CompletableFuture<?> send(long index, long round) {
            return CompletableFuture.completedFuture(index);
        }

        @Override
        public void check(long index, long round, Object answer) {
            if (!answer.equals(index)) {
                throw new IllegalStateException("wrong answer");
            }
            checked++;
        }
    }

    @Test
    void everyAnswerIsChecked() throws Exception {
        Echo echo = new Echo();

        Sample sample = new Pipeline(List.of(echo), 10).run(1_003, 0);

        assertThat(echo.checked).isEqualTo(1_003);
        assertThat(sample.count()).isEqualTo(1_003);
    }

    @Test
    void sendersShareTheMessages() throws Exception {
        Echo one = new Echo();
        Echo other = new Echo();

        new Pipeline(List.of(one, other), 10).run(1_001, 0);

        assertThat(one.checked).isEqualTo(501);
        assertThat(other.checked).isEqualTo(500);
    }

    @Test
    void wrongAnswerEndsTheRound() {
        Sender wrong =
                new Sender() {
                    @Override
                    public CompletableFuture<?> send(long index, long round) {
                        return CompletableFuture.completedFuture(index + 1);
                    }

                    @Override
                    public void check(long index, long round, Object answer) {
                        if (!answer.equals(index)) {
                            throw new IllegalStateException("wrong answer to " + index);
                        }
                    }
                };

        assertThatThrownBy(() -> new Pipeline(List.of(wrong), 4).run(100, 0))
                .hasMessageContaining("wrong answer to 0");
    }
}
