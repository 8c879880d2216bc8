package io.tuli.wire;

import io.tuli.Verbs;
import org.jspecify.annotations.Nullable;

/**
 * Short strings that come again and again - verbs, names of headers - made once. Direct-mapped and
 * of fixed size: a newcomer takes the place of whoever has its slot. One thread.
 */
final class NameCache {

    static final int NAME_BYTES_MAX = 24;

    private static final int SLOTS = 64;

    private final @Nullable String[] names = new @Nullable String[SLOTS];

    NameCache() {
        for (String verb : Verbs.BUILT_IN) {
            names[slotOf(verb)] = verb;
        }
    }

    /** The string of these ASCII bytes. */
    @SuppressWarnings("deprecation") // the only constructor that takes ASCII without decoding it
    String of(byte[] ascii, int from, int length) {
        int slot = slotOf(ascii, from, length);
        String known = names[slot];
        if (known != null && known.length() == length && isSame(known, ascii, from)) {
            return known;
        }
        String name = new String(ascii, 0, from, length);
        names[slot] = name;
        return name;
    }

    private static boolean isSame(String name, byte[] ascii, int from) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != ascii[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slotOf(byte[] ascii, int from, int length) {
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + ascii[i];
        }
        return slot(hash);
    }

    private static int slotOf(String name) {
        int hash = name.length();
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return slot(hash);
    }

    private static int slot(int hash) {
        return (hash ^ (hash >>> 6) ^ (hash >>> 12)) & (SLOTS - 1);
    }
}
