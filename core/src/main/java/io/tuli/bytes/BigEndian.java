package io.tuli.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of a fixed size in an array, the highest byte first. Stateless. */
public final class BigEndian {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    public static int intAt(byte[] bytes, int index) {
        return (int) INT.get(bytes, index);
    }

    public static long longAt(byte[] bytes, int index) {
        return (long) LONG.get(bytes, index);
    }

    /** Writes four bytes; answers the index after them. */
    public static int writeInt(byte[] into, int at, int value) {
        INT.set(into, at, value);
        return at + Integer.BYTES;
    }

    /** Writes eight bytes; answers the index after them. */
    public static int writeLong(byte[] into, int at, long value) {
        LONG.set(into, at, value);
        return at + Long.BYTES;
    }
}
