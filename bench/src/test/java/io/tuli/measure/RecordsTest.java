package io.tuli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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

    @Test
    void sumIsWhatAMapHoldsAfterTheRound() {
        Map<String, byte[]> map = new HashMap<>();
        for (long i = 0; i < 25_000; i++) {
            map.put(records.key(i), records.value(records.valueNumber(i, 3)));
        }

        long sum =
                map.entrySet().stream()
                        .mapToLong(e -> Records.entry(e.getKey(), Records.check(e.getValue())))
                        .sum();

        assertThat(sum).isEqualTo(records.sum(3, 25_000)).isNotEqualTo(records.sum(4, 25_000));
    }
}
