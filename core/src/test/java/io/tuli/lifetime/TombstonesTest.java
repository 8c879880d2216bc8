package io.tuli.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Payload;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TombstonesTest {

    private static final long SECOND = 1_000L << 16;

    private final Tombstones tombstones = new Tombstones(10_000);

    @Test
    void aKeyIsForgottenWhenTheGraceIsOver() {
        tombstones.add("old", removed(1, SECOND));
        tombstones.add("young", removed(2, 5 * SECOND));

        tombstones.add("now", removed(3, 12 * SECOND));

        assertThat(keys()).containsExactly("young", "now");
    }

    @Test
    void aKeyThatIsThereAgainIsNoLongerRemoved() {
        tombstones.add("k", removed(1, SECOND));

        tombstones.forget("k");

        assertThat(keys()).isEmpty();
    }

    @Test
    void aKeyRemovedAgainIsTheYoungest() {
        tombstones.add("a", removed(1, SECOND));
        tombstones.add("b", removed(2, SECOND));

        tombstones.add("a", removed(3, SECOND));

        assertThat(keys()).containsExactly("b", "a");
    }

    @Test
    void atTheLimitTheEldestIsForgotten() {
        for (int i = 0; i <= Tombstones.MOST; i++) {
            tombstones.add("k" + i, removed(i, SECOND));
        }

        assertThat(keys()).hasSize(Tombstones.MOST).doesNotContain("k0").contains("k1");
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        tombstones.forEach((key, stored) -> keys.add(key));
        return keys;
    }

    private static Stored removed(long offset, long time) {
        return new Stored(Payload.NONE, offset, time);
    }
}
