package io.tuli.log;

import io.tuli.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The hash of one document, of which a state's digest is the sum. */
public final class StateHash {

    private static final long KEY_FACTOR = 0xff51afd7ed558ccdL;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private StateHash() {}

    /** Depends on key, format and bytes, on nothing else, on every machine alike. */
    public static long of(String key, Payload document) {
        long hash = document.format().ordinal();
        for (int i = 0; i < key.length(); i++) {
            hash = hash * KEY_FACTOR + key.charAt(i);
        }
        byte[] bytes = document.bytes();
        long value = mix(hash) + bytes.length;
        int i = 0;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
            value = mix(value ^ (long) LONG.get(bytes, i));
        }
        long rest = 0;
        for (; i < bytes.length; i++) {
            rest = (rest << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return mix(mix(value ^ rest));
    }

    private static long mix(long z) {
        long mixed = (z ^ (z >>> 32)) * 0x9e3779b97f4a7c15L;
        return mixed ^ (mixed >>> 29);
    }
}
