package io.tuli.log;

import io.tuli.Payload;

/** The hash of one document, of which a state's digest is the sum. */
public final class StateHash {

    private StateHash() {}

    /** Depends on key, format and bytes, on nothing else, on every machine alike. */
    public static long of(String key, Payload document) {
        long hash = 0x9e3779b97f4a7c15L + document.format().ordinal();
        for (int i = 0; i < key.length(); i++) {
            hash = mix(hash ^ key.charAt(i));
        }
        byte[] bytes = document.bytes();
        int i = 0;
        for (; i + 8 <= bytes.length; i += 8) {
            hash = mix(hash ^ longAt(bytes, i));
        }
        for (; i < bytes.length; i++) {
            hash = mix(hash ^ (bytes[i] & 0xff));
        }
        return hash;
    }

    private static long longAt(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        return value;
    }

    private static long mix(long z) {
        long mixed = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        return mixed ^ (mixed >>> 29);
    }
}
