package io.tuli.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;

/**
 * When something last came on each connection of the control channel. Thread-safe; time is a
 * parameter.
 */
final class LastHeard {

    /** Who joins, leaves or lives was heard of later than that. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<Address, Long> nanos = new ConcurrentHashMap<>();

    void heard(Address peer, long nowNanos) {
        nanos.put(peer, nowNanos);
    }

    /**
     * Of the peers there are connections to, those that are no members and were silent for a while;
     * all others that were ever heard of are forgotten.
     */
    List<Address> silent(Set<Address> peers, Collection<Address> members, long nowNanos) {
        nanos.keySet().retainAll(peers);
        List<Address> silent = new ArrayList<>();
        for (Address peer : peers) {
            Long heard = nanos.get(peer);
            boolean isSilent = heard == null || nowNanos - heard > SILENCE_NANOS;
            if (isSilent && !members.contains(peer)) {
                silent.add(peer);
            }
        }
        return silent;
    }
}
