package io.tuli.protocol;

import io.tuli.LogPosition;
import io.tuli.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What tells one request from another that comes under its id: 64 bits of its verb, key, body,
 * condition and, where a server sends it for somebody, the user: nobody is told what another was
 * answered. Pure, and the same on every member.
 */
public final class RequestDigest {

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long SEED = 0x9e3779b97f4a7c15L;
    private static final long SALT = 0xd6e8feb86659fd93L;
    private static final int CHARS = Long.BYTES / Character.BYTES;

    private RequestDigest() {}

    /**
     * The digest of a request; never 0, which stands for one that is not known. That of a fold is
     * not: its source tells it apart.
     */
    public static long of(Frame.Request request) {
        if (Reserved.isFold(request.id())) {
            return 0;
        }
        long digest = mixed(SEED, request.verb());
        digest = mixed(digest, request.key().toString());
        digest = mixed(digest, request.body());
        LogPosition version = request.extensions().version();
        if (version != null) {
            digest = mixed(digest, version);
        }
        long expiryMillis = request.extensions().expiryMillis();
        if (expiryMillis != Extensions.UNSAID) {
            digest = mixed(digest, ~expiryMillis, 1);
        }
        String user = request.extensions().userText();
        if (!user.isEmpty()) {
            digest = mixed(digest, user);
        }
        return digest == 0 ? 1 : digest;
    }

    private static long mixed(long before, String text) {
        int length = text.length();
        long digest = before ^ length;
        int i = 0;
        for (; i + 2 * CHARS <= length; i += 2 * CHARS) {
            digest = mixed(digest, word(text, i), word(text, i + CHARS));
        }
        int whole = Math.min(length, i + CHARS);
        return i == length
                ? digest
                : mixed(digest, rest(text, i, whole), rest(text, whole, length));
    }

    private static long word(String text, int at) {
        long first = text.charAt(at) | ((long) text.charAt(at + 1) << 16);
        long second = text.charAt(at + 2) | ((long) text.charAt(at + 3) << 16);
        return first | (second << 32);
    }

    private static long rest(String text, int from, int until) {
        long rest = 0;
        for (int i = from; i < until; i++) {
            rest = (rest << 16) | text.charAt(i);
        }
        return rest;
    }

    private static long mixed(long before, LogPosition version) {
        long digest = mixed(before, version.epoch().number(), version.epoch().owner());
        return mixed(digest, version.offset(), 0);
    }

    private static long mixed(long before, Payload body) {
        byte[] bytes = body.bytes();
        long digest = before ^ (((long) bytes.length << 2) | body.format().ordinal());
        int i = 0;
        for (; i + 2 * Long.BYTES <= bytes.length; i += 2 * Long.BYTES) {
            digest = mixed(digest, word(bytes, i), word(bytes, i + Long.BYTES));
        }
        if (i == bytes.length) {
            return digest;
        }
        long first = 0;
        if (i + Long.BYTES <= bytes.length) {
            first = word(bytes, i);
            i += Long.BYTES;
        }
        long rest = 0;
        for (; i < bytes.length; i++) {
            rest = (rest << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return mixed(digest, first, rest);
    }

    private static long word(byte[] bytes, int at) {
        return (long) WORD.get(bytes, at);
    }

    /**
     * Two words at once, by the two halves of one product, as in Wang Yi's wyhash: one
     * multiplication waits for the other, so there should be few.
     */
    private static long mixed(long before, long first, long second) {
        long left = first ^ SALT;
        long right = second ^ before;
        return (left * right) ^ Math.unsignedMultiplyHigh(left, right);
    }
}
