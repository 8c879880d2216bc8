package io.tuli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.tuli.Key;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Strangers choose what maps are asked for, so they can choose it to have one hash. A map of what
 * has an order finds it in the logarithm of its number; of what has none it looks at each.
 */
class AlikeKeysTest {

    private static final int KEYS = 1 << 16;
    private static final Duration MUCH_LESS_THAN_ONE_BY_ONE = Duration.ofSeconds(5);

    private static <K> void fill(IntFunction<K> key) {
        int hash = key.apply(0).hashCode();
        Set<K> all = new HashSet<>();

        assertTimeout(
                MUCH_LESS_THAN_ONE_BY_ONE,
                () -> {
                    for (int i = 0; i < KEYS; i++) {
                        K next = key.apply(i);
                        assertThat(next.hashCode()).isEqualTo(hash);
                        all.add(next);
                    }
                });

        assertThat(all).hasSize(KEYS);
    }

    /** One of so many texts of one hash. */
    private static String alike(int number) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            text.append((number >>> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    @Test
    void keysOfOneHashCostNoMore() {
        fill(i -> Key.of(alike(i)));
    }

    @Test
    void valuesOfOneHashCostNoMore() {
        fill(i -> Payload.json("\"" + alike(i) + "\""));
    }

    @Test
    void idsOfOneHashCostNoMore() {
        fill(i -> new RequestId(i, -31L * i & 0xffff_ffffL));
    }

    @Test
    void callsOfOneHashCostNoMore() {
        MemberId from = new MemberId(1, 2);

        fill(i -> new UnownedRequests.Sent(from, (long) i << Integer.SIZE | i));
    }
}
