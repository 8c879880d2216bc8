package io.tuli.ring;

import io.tuli.Epoch;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a member has promised of partitions that it has closed. It keeps to that when it serves them
 * again in the same life: whoever forgot would own in an epoch in which it has owned before, with
 * another changelog. One thread.
 *
 * <p>What so many services were promised is known exactly. Of those closed before, only that no
 * epoch was higher: that is kept to by all that are opened.
 */
public final class EarlierPromises {

    /** So many services are remembered each by itself. */
    static final int SERVICES_MOST = 64;

    private final Map<Integer, Epoch[]> services = new LinkedHashMap<>();
    private Epoch others = Epoch.ZERO;

    /** A service is closed, of whose partitions this was promised; ZERO for nothing. */
    public void remember(int service, Epoch[] promised) {
        services.remove(service);
        services.put(service, promised.clone());
        if (services.size() > SERVICES_MOST) {
            Iterator<Epoch[]> eldest = services.values().iterator();
            for (Epoch each : eldest.next()) {
                if (each.number() > others.number()) {
                    others = new Epoch(each.number(), 0);
                }
            }
            eldest.remove();
        }
    }

    /** What was promised of a partition, at least; ZERO for nothing. */
    public Epoch of(int service, int partition) {
        Epoch[] known = services.get(service);
        return known == null || partition >= known.length ? others : known[partition];
    }
}
