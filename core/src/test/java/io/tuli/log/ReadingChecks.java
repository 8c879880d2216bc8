package io.tuli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.bytes.MalformedException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;

/** What must be true of whatever reads bytes that a stranger may have sent. */
final class ReadingChecks {

    private static final long SEED = Long.getLong("tuli.seed", 20_261_121L);

    private ReadingChecks() {}

    /** Reads so many items, or throws. */
    @FunctionalInterface
    interface Reading<T> {
        T read(byte[] bytes, int count);
    }

    /** What ends early is refused, and so is a count that nothing could hold. */
    static void refusesWhatEndsEarly(byte[] whole, Reading<?> reading) {
        for (int length = 0; length < whole.length; length++) {
            byte[] shorter = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reading.read(shorter, 1))
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> reading.read(whole, Integer.MAX_VALUE))
                .isInstanceOf(MalformedException.class);
    }

    /**
     * Of bytes changed at random, what is taken has the one form: so nothing is lost by keeping
     * bytes where objects were kept.
     *
     * @param rewritten writes again, from objects, what was read
     */
    static <T> void takesTheOneForm(
            byte[] whole, int times, Reading<T> reading, UnaryOperator<T> rewritten) {
        Random random = new Random(SEED);
        int taken = 0;
        for (int i = 0; i < times; i++) {
            byte[] changed = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                T read = reading.read(changed, 1);
                assertThat(rewritten.apply(read)).as("-Dtuli.seed=%d", SEED).isEqualTo(read);
                taken++;
            } catch (MalformedException refused) {
                assertThat(refused).hasMessageNotContaining("Index");
            }
        }
        assertThat(taken).isPositive();
    }
}
