package io.tuli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldTest {

    /** What servers would hold, by service and key. */
    private final Map<String, byte[]> map = new HashMap<>();

    private final Held held = new Held();

    private void write(Records records, int services, long count, long round) {
        for (long i = 0; i < count; i++) {
            map.put(
                    i % services + " " + records.key(i),
                    records.value(records.valueNumber(i, round)));
        }
        held.wrote(services, records.count(), count, round);
    }

    private Map<String, Long> sum() {
        long sum = 0;
        for (Map.Entry<String, byte[]> each : map.entrySet()) {
            String key = each.getKey().substring(each.getKey().indexOf(' ') + 1);
            sum += Records.entry(key, Records.check(each.getValue()));
        }
        return Map.of("count", (long) map.size(), "sum", sum);
    }

    @Test
    void itIsWhatAMapHoldsAfterRoundsOfAnyLength() {
        Records records = new Records(1_000, 100);
        for (long count : List.of(2_500L, 1_700L, 300L, 700L)) {
            write(records, 1, count, count);
        }

        assertThat(held.expected(records)).isEqualTo(sum());
        write(records, 1, 10, 99);
        assertThat(held.expected(records)).isEqualTo(sum());
    }

    @Test
    void keysAndServicesMayBecomeMore() {
        Records few = new Records(100, 100);
        Records many = new Records(1_000, 100);
        write(few, 1, 250, 1);
        write(few, 3, 400, 2);
        write(many, 3, 5_000, 3);
        write(many, 7, 900, 4);

        assertThat(held.expected(many)).isEqualTo(sum());
    }
}
