package io.tuli.agreement;

/**
 * Writes down on which ring of a service this member is about to act. A port: it returns at once,
 * and when the ring is synced, whatever the service's own policy, {@link Agreement#kept} is called.
 * Of a service one is under way at a time, and the newest counts.
 */
public interface RingKeeper {

    /** Where nothing is kept. */
    RingKeeper NONE =
            (service, ring) -> {
                throw new IllegalStateException("nothing is kept here: " + service);
            };

    /** Writes it behind all that was given to be kept before. */
    void keep(String service, KeptRing ring);
}
