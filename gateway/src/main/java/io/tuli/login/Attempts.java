package io.tuli.login;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who may try a password now. Wrong ones are counted for a name from one address, and for a name
 * from everywhere. Who has logged in from an address lately is not kept out there by what others
 * try elsewhere: so nobody can lock a user out of where that user is, and guesses from many
 * addresses are as few as from one. Thread-safe.
 */
final class Attempts {

    private static final int KNOWN_MAX = 10_000;

    private final Rates byAddress;
    private final Rates byAccount;
    private final Rates byPair;
    private final Map<Pair, Boolean> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Pair, Boolean> eldest) {
                    return size() > KNOWN_MAX;
                }
            };

    private record Pair(String name, String address) {
        String text() {
            return address + " " + name;
        }
    }

    Attempts(LoginLimits limits, LongSupplier nanos) {
        this.byAddress = new Rates(limits.perAddress(), nanos);
        this.byAccount = new Rates(limits.perAccount(), nanos);
        this.byPair = new Rates(limits.perAccount(), nanos);
    }

    /** Begins one; false where it may not be made now. */
    boolean begin(String name, String address) {
        Pair pair = new Pair(name, address);
        boolean isOver =
                byAddress.isOver(address)
                        || byPair.isOver(pair.text())
                        || (byAccount.isOver(name) && !isKnown(pair));
        if (!isOver) {
            byAddress.count(address);
        }
        return !isOver;
    }

    private synchronized boolean isKnown(Pair pair) {
        return known.get(pair) != null;
    }

    /** The password was right. */
    synchronized void right(String name, String address) {
        known.put(new Pair(name, address), true);
    }

    /** The password was wrong. */
    void wrong(String name, String address) {
        byAccount.count(name);
        byPair.count(new Pair(name, address).text());
    }

    /** What shows no password is counted, too: a token that cost time to look at, and was none. */
    void wrongToken(String address) {
        byAddress.count(address);
    }

    boolean isOver(String address) {
        return byAddress.isOver(address);
    }
}
