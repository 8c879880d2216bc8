package io.tuli.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.MemberId;
import io.tuli.bytes.MalformedException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a member's journal has of a ring. */
class KeptRingTest {

    private static final KeptRing RING =
            new KeptRing(
                    300, List.of(server(-1, 2, 3), server(4, Long.MIN_VALUE, 1L << 40)), "burnt");

    @Test
    void whatIsWrittenIsRead() {
        for (KeptRing ring : List.of(KeptRing.NONE, RING, largest())) {
            assertThat(KeptRing.read(ring.form())).isEqualTo(ring);
        }
    }

    private static KeptRing largest() {
        return new KeptRing(
                KeptRing.GENERATION_MAX,
                LongStream.range(0, KeptRing.SERVERS_MAX)
                        .mapToObj(i -> server(i, -i, Long.MAX_VALUE))
                        .toList(),
                "x".repeat(KeptRing.NOTE_BYTES_MAX));
    }

    @Test
    void moreThanARingHasIsRefused() {
        KeptRing largest = largest();
        assertThat(largest.without(Set.of(-7L), "why").generation())
                .isEqualTo(KeptRing.GENERATION_MAX);
        List<KeptRing.Server> more =
                LongStream.range(0, KeptRing.SERVERS_MAX + 1)
                        .mapToObj(i -> server(i, i, 1))
                        .toList();
        assertThatThrownBy(() -> new KeptRing(1, more, "")).hasMessageContaining("1000");
        assertThatThrownBy(() -> new KeptRing(Long.MAX_VALUE, List.of(), ""))
                .hasMessageContaining("generation");
        assertThatThrownBy(() -> new KeptRing(0, RING.servers(), ""))
                .hasMessageContaining("generation");
        assertThatThrownBy(() -> new KeptRing(1, List.of(), "two\nlines"))
                .hasMessageContaining("one line");
        assertThatThrownBy(() -> RING.without(Set.of(), " ")).hasMessageContaining("says why");
    }

    @Test
    void everythingElseIsMalformed() {
        byte[] whole = RING.form();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> KeptRing.read(part)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> KeptRing.read(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(MalformedException.class);
        long seed = Long.getLong("tuli.seed", 42);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                KeptRing.read(bytes);
            } catch (MalformedException refused) {
                assertThat(refused).as("-Dtuli.seed=%d", seed).hasMessageMatching("(?s).+");
            }
        }
    }

    private static KeptRing.Server server(long node, long incarnation, long boot) {
        return new KeptRing.Server(new MemberId(node, incarnation), boot);
    }
}
