package io.tuli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private final Records records = new Records(10_000, 100);

    @Test
    void keysAreDistinctAndOfSixCharacters() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < records.count(); i++) {
            keys.add(records.key(i));
        }

        assertThat(keys).hasSize(records.count()).allMatch(key -> key.length() == 6);
        assertThat(records.value(0)).hasSize(91);
    }
}
