package io.tuli.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.TunnelFrame;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What has come of messages that are not whole yet. */
@Tag("IR-14")
class BegunTest {

    private final Gathered all = new Gathered(100);
    private final Begun one = new Begun(all, 60);
    private final Begun other = new Begun(all, 60);

    private static TunnelFrame.Piece piece(int bytes) {
        return new TunnelFrame.Piece(
                1,
                true,
                0,
                TunnelFrame.Part.MORE,
                Payload.opaque("x".repeat(bytes).getBytes(UTF_8)));
    }

    private static void refused(Runnable adding, Failure failure) {
        assertThatThrownBy(adding::run)
                .isInstanceOfSatisfying(
                        TuliException.class, told -> assertThat(told.failure()).isEqualTo(failure));
    }

    @Test
    void aMessageIsWhatItsPiecesAreTogether() {
        one.add(piece(20));
        one.add(piece(40));

        Payload whole = Begun.joined(one.take());

        assertThat(whole).isEqualTo(Payload.opaque("x".repeat(60).getBytes(UTF_8)));
        assertThat(all.bytes()).isZero();
        assertThat(one.take()).isEmpty();
    }

    @Test
    void aMessageHasNoMoreThanOneMayHaveAndAllTogetherNoMoreThanTheyMay() {
        one.add(piece(60));
        refused(() -> one.add(piece(1)), Failure.TOO_LARGE);
        other.add(piece(40));
        refused(() -> other.add(piece(1)), Failure.OVERLOADED);
        assertThat(all.bytes()).isEqualTo(100);

        one.forget();
        other.add(piece(20));
        assertThat(all.bytes()).isEqualTo(60);
    }
}
