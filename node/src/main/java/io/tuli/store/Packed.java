package io.tuli.store;

import io.tuli.Payload;
import io.tuli.log.Stored;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One document with its key as bytes in a chunk: lengths and format, offset, time, hash, key,
 * value; padded to eight bytes. Stateless.
 */
final class Packed {

    static final int HEAD_BYTES = 32;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final Payload.Format[] FORMATS = Payload.Format.values();

    private Packed() {}

    /** What a document occupies. */
    static int sizeBytes(int keyBytes, int valueBytes) {
        return (HEAD_BYTES + keyBytes + valueBytes + 7) & -8;
    }

    static int sizeBytes(byte[] chunk, int at) {
        return sizeBytes(keyBytes(chunk, at), valueBytes(chunk, at));
    }

    static void write(byte[] chunk, int at, String key, int keyBytes, Stored stored, long hash) {
        Payload document = stored.document();
        byte[] value = document.bytes();
        INT.set(chunk, at, (keyBytes << 2) | document.format().ordinal());
        INT.set(chunk, at + 4, value.length);
        LONG.set(chunk, at + 8, stored.offset());
        LONG.set(chunk, at + 16, stored.time());
        LONG.set(chunk, at + 24, hash);
        writeKey(chunk, at + HEAD_BYTES, key, keyBytes);
        System.arraycopy(value, 0, chunk, at + HEAD_BYTES + keyBytes, value.length);
    }

    private static void writeKey(byte[] chunk, int at, String key, int keyBytes) {
        if (keyBytes == key.length()) {
            for (int i = 0; i < keyBytes; i++) {
                chunk[at + i] = (byte) key.charAt(i);
            }
        } else {
            System.arraycopy(key.getBytes(StandardCharsets.UTF_8), 0, chunk, at, keyBytes);
        }
    }

    /** Bytes of a text in UTF-8. */
    static int utf8Bytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }

    static boolean hasKey(byte[] chunk, int at, String key) {
        int length = keyBytes(chunk, at);
        if (length != key.length()) {
            return length > key.length() && key(chunk, at).equals(key);
        }
        for (int i = 0; i < length; i++) {
            if (chunk[at + HEAD_BYTES + i] != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static String key(byte[] chunk, int at) {
        return new String(chunk, at + HEAD_BYTES, keyBytes(chunk, at), StandardCharsets.UTF_8);
    }

    static Stored read(byte[] chunk, int at) {
        int from = at + HEAD_BYTES + keyBytes(chunk, at);
        byte[] value = new byte[valueBytes(chunk, at)];
        System.arraycopy(chunk, from, value, 0, value.length);
        Payload document = Payload.of(FORMATS[(int) INT.get(chunk, at) & 3], value);
        return new Stored(
                document, (long) LONG.get(chunk, at + 8), (long) LONG.get(chunk, at + 16));
    }

    static long hash(byte[] chunk, int at) {
        return (long) LONG.get(chunk, at + 24);
    }

    private static int keyBytes(byte[] chunk, int at) {
        return (int) INT.get(chunk, at) >>> 2;
    }

    private static int valueBytes(byte[] chunk, int at) {
        return (int) INT.get(chunk, at + 4);
    }
}
