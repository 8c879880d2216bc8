package io.tuli.membership;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where members are that are not in the view: those that left it and did not come back - after a
 * split, the other side - and those heard of. Forgets the oldest above a limit. Thread-safe.
 */
final class Outsiders {

    private static final int OUTSIDERS_MAX = 256;

    private final Set<InetSocketAddress> present = new HashSet<>();
    private final LinkedHashSet<InetSocketAddress> outside = new LinkedHashSet<>();

    /** Where the members of the view are now. */
    synchronized void viewed(Collection<InetSocketAddress> members) {
        outside.addAll(present);
        present.clear();
        present.addAll(members);
        outside.removeAll(present);
        limit();
    }

    /** Whether this one was not known before. */
    synchronized boolean note(InetSocketAddress member) {
        boolean isNew = !present.contains(member) && outside.add(member);
        limit();
        return isNew;
    }

    private void limit() {
        while (outside.size() > OUTSIDERS_MAX) {
            outside.removeFirst();
        }
    }

    /** All known, and these, without those present. */
    synchronized Set<InetSocketAddress> with(Collection<InetSocketAddress> others) {
        Set<InetSocketAddress> absent = new HashSet<>(outside);
        absent.addAll(others);
        absent.removeAll(present);
        return absent;
    }

    /** Those of these that are not present. */
    synchronized Set<InetSocketAddress> among(Collection<InetSocketAddress> others) {
        Set<InetSocketAddress> absent = new HashSet<>(others);
        absent.removeAll(present);
        return absent;
    }
}
