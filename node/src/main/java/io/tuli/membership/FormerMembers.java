package io.tuli.membership;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where those were that left the view and have not come back: after a split, the other side.
 * Forgets the oldest above a limit. Thread-safe.
 */
final class FormerMembers {

    private static final int FORMER_MAX = 256;

    private final Set<InetSocketAddress> present = new HashSet<>();
    private final LinkedHashSet<InetSocketAddress> former = new LinkedHashSet<>();

    /** Where the members are now. */
    synchronized void viewed(Collection<InetSocketAddress> members) {
        former.addAll(present);
        present.clear();
        present.addAll(members);
        former.removeAll(present);
        while (former.size() > FORMER_MAX) {
            former.removeFirst();
        }
    }

    /** The former ones and these, without those present. */
    synchronized Set<InetSocketAddress> absent(Collection<InetSocketAddress> others) {
        Set<InetSocketAddress> absent = new HashSet<>(former);
        absent.addAll(others);
        absent.removeAll(present);
        return absent;
    }
}
