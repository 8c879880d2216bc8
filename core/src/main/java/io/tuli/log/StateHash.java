package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The hash of one document, of which a state's digest is the sum. Sixteen bytes are taken at a
 * time, because whoever asks for a digest has all documents hashed.
 */
public final class StateHash {

    private static final int STEP_BYTES = 2 * Long.BYTES;
    private static final long SEED = 0x9e3779b97f4a7c15L;
    private static final long FACTOR = 0xff51afd7ed558ccdL;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private StateHash() {}

    /** Depends on key, format and bytes, on nothing else, on every machine alike. */
    public static long of(String key, Payload document) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        byte[] value = document.bytes();
        byte[] both = Arrays.copyOf(text, text.length + value.length);
        System.arraycopy(value, 0, both, text.length, value.length);
        return of(both, 0, text.length, value.length, document.format());
    }

    /** The same of a key in UTF-8 with the document's bytes right behind it. */
    public static long of(
            byte[] bytes, int from, int keyBytes, int valueBytes, Payload.Format format) {
        int end = from + keyBytes + valueBytes;
        long hash = SEED + (((long) keyBytes << Integer.SIZE) | valueBytes) * FACTOR;
        int i = from;
        for (; i + STEP_BYTES <= end; i += STEP_BYTES) {
            long first = (long) LONG.get(bytes, i);
            hash = fold(first ^ FACTOR, hash ^ (long) LONG.get(bytes, i + Long.BYTES));
        }
        long first = format.ordinal();
        if (i + Long.BYTES <= end) {
            hash = fold(hash ^ (long) LONG.get(bytes, i), FACTOR);
            i += Long.BYTES;
        }
        for (; i < end; i++) {
            first = (first << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return fold(hash ^ SEED, fold(first ^ FACTOR, hash));
    }

    /** That of a document that goes by then, of which the rest has a hash. */
    public static long until(long hash, long until) {
        return until == Edit.NEVER ? hash : fold(hash ^ until, FACTOR);
    }

    /** Both halves of the product. */
    private static long fold(long a, long b) {
        return Math.multiplyHigh(a, b) ^ (a * b);
    }
}
