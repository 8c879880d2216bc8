package io.tuli.machine;

import io.tuli.Payload;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What tells one request from another that comes under its id: 64 bits of its verb, key and body.
 * Pure, and the same on every member.
 */
public final class RequestDigest {

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PRIME = 0x9e3779b97f4a7c15L;

    private RequestDigest() {}

    /**
     * The digest of a request; never 0, which stands for one that is not known. That of a fold is
     * not: its source tells it apart.
     */
    public static long of(Frame.Request request) {
        if (Reserved.isFold(request.id())) {
            return 0;
        }
        long digest = mixed(PRIME, request.verb());
        digest = mixed(digest, request.key().toString());
        digest = mixed(digest, request.body());
        return digest == 0 ? 1 : digest;
    }

    private static long mixed(long before, String text) {
        long digest = mixed(before, text.length());
        for (int i = 0; i < text.length(); i++) {
            digest = mixed(digest, text.charAt(i));
        }
        return digest;
    }

    private static long mixed(long before, Payload body) {
        byte[] bytes = body.bytes();
        long digest = mixed(before, ((long) bytes.length << 2) | body.format().ordinal());
        int words = bytes.length & -Long.BYTES;
        for (int i = 0; i < words; i += Long.BYTES) {
            digest = mixed(digest, (long) WORD.get(bytes, i));
        }
        for (int i = words; i < bytes.length; i++) {
            digest = mixed(digest, bytes[i]);
        }
        return digest;
    }

    private static long mixed(long before, long word) {
        long product = (before ^ word) * PRIME;
        return product ^ (product >>> 32);
    }
}
