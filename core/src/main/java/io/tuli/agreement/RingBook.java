package io.tuli.agreement;

import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which ring of each service this member's loops were told of last, so that they are told of those
 * that are others. Not thread-safe.
 */
public final class RingBook {

    private final Agreement agreement;
    private final Map<Integer, Ring> told = new HashMap<>();

    public RingBook(Agreement agreement) {
        this.agreement = agreement;
    }

    /**
     * Works a service's ring out anew: what the loops are to be told now. Null if that is nothing,
     * for it is the ring they know, or it is too early to say, or it is to be written first.
     */
    public @Nullable Ring renew(ServiceSpec service) {
        Ring ring = agreement.ring(service.name(), service.partitions());
        Ring before = told.get(service.number());
        if (ring == null || (before != null && before.hash() == ring.hash())) {
            return null;
        }
        if (!agreement.isWritten(service.name(), ring)) {
            return null;
        }
        told.put(service.number(), ring);
        return ring;
    }

    /** The ring of a service that this member must give up: nobody's. */
    public Ring nobody(ServiceSpec service) {
        Ring nobody = Ring.of(service.partitions(), List.of(), List.of());
        told.put(service.number(), nobody);
        return nobody;
    }

    /** The loops begin anew with the service: they are to be told again. */
    public void forget(int service) {
        told.remove(service);
    }
}
