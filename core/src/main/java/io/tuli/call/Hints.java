package io.tuli.call;

import io.tuli.Epoch;
import java.util.HashMap;
import java.util.Map;

/**
 * What redirects have told of owners: who has no replica of a service would otherwise ask the
 * ring's owner first each time, while another still owns. One thread.
 */
final class Hints {

    /** Beyond so many partitions all are forgotten: the worst that follows is one redirect each. */
    private static final int MOST = 16_384;

    private final Map<Long, Epoch> latest = new HashMap<>();

    /** The latest period of ownership heard of; {@link Epoch#ZERO} if none. */
    Epoch of(int service, int partition) {
        return latest.isEmpty()
                ? Epoch.ZERO
                : latest.getOrDefault(placeOf(service, partition), Epoch.ZERO);
    }

    void learn(int service, int partition, Epoch epoch) {
        if (latest.size() >= MOST) {
            latest.clear();
        }
        latest.put(placeOf(service, partition), epoch);
    }

    private static long placeOf(int service, int partition) {
        return ((long) service << Integer.SIZE) | partition;
    }
}
