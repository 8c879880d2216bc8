package io.tuli.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What servers must hold after all rounds so far: the last value of each key of each service.
 * Rounds are only noted; the work is done when somebody asks, while no clock runs. Used by one
 * thread.
 *
 * <p>A message's index tells its service and its key; all messages of one key are sent in the order
 * of their indexes, whatever the number of clients, as long as that divides the number of keys.
 */
final class Held {

    private final List<Written> pending = new ArrayList<>();

    /** By service and key: the number of its value, and one; 0 while it has none. */
    private final List<short[]> numbers = new ArrayList<>();

    /** One round of writes. */
    private record Written(int services, int keys, long count, long round) {

        /** Whether nothing is left of an earlier round. */
        boolean covers(Written earlier) {
            return services == earlier.services && keys == earlier.keys && count >= earlier.count;
        }
    }

    /** So many messages were written, from index 0 on, and all were answered. */
    void wrote(int services, int keys, long count, long round) {
        Written written = new Written(services, keys, count, round);
        pending.removeIf(written::covers);
        pending.add(written);
    }

    /** How many keys there are in all services, and the sum of {@link Records#entry} over them. */
    Map<String, Long> expected(Records records) {
        pending.forEach(each -> apply(each, records));
        pending.clear();
        long count = 0;
        long sum = 0;
        for (short[] service : numbers) {
            for (int key = 0; key < service.length; key++) {
                if (service[key] > 0) {
                    count++;
                    sum += Records.entry(records.key(key), records.check(service[key] - 1));
                }
            }
        }
        return Map.of("count", count, "sum", sum);
    }

    private void apply(Written written, Records records) {
        for (int i = 0; i < written.services; i++) {
            if (i == numbers.size()) {
                numbers.add(new short[0]);
            }
            short[] known = numbers.get(i);
            if (known.length < written.keys) {
                numbers.set(i, Arrays.copyOf(known, written.keys));
            }
        }
        long lap = (long) written.keys * written.services;
        for (long i = Math.max(0, written.count - lap); i < written.count; i++) {
            int number = records.valueNumber(i, written.round);
            numbers.get((int) (i % written.services))[(int) (i % written.keys)] =
                    (short) (number + 1);
        }
    }
}
