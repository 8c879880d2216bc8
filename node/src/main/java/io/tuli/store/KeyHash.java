package io.tuli.store;

import io.tuli.log.DocumentReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * How a table hashes keys. Mostly as {@link String#hashCode} does, which is known of a key by the
 * time it comes here. Anybody can make keys that are alike to that, so a table that has met many
 * takes SipHash-1-3, keyed by a number that nobody outside this process knows. Immutable.
 */
final class KeyHash {

    /** By {@link String#hashCode}. */
    static final KeyHash PLAIN = new KeyHash(true, 0, 0);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final boolean isPlain;
    private final long k0;
    private final long k1;

    private KeyHash(boolean isPlain, long k0, long k1) {
        this.isPlain = isPlain;
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Numbers for {@link #drawn} that nobody foresees. */
    static LongSupplier unforeseen() {
        return RANDOM::nextLong;
    }

    /** One of two numbers. */
    static KeyHash drawn(LongSupplier numbers) {
        return new KeyHash(false, numbers.getAsLong(), numbers.getAsLong());
    }

    boolean isPlain() {
        return isPlain;
    }

    int of(String text) {
        return isPlain ? ofPlain(text.hashCode()) : keyed(text);
    }

    /** The key of a document that is to be written. */
    int of(DocumentReader document) {
        return isPlain
                ? ofPlain(document.keyHash())
                : keyed(document.array(), document.keyAt(), document.keyBytes());
    }

    /** The key of a document that lies in a chunk. */
    int of(byte[] chunk, int at) {
        return isPlain
                ? ofPlain(Packed.keyHash(chunk, at))
                : keyed(chunk, Packed.keyAt(chunk, at), Packed.keyBytes(chunk, at));
    }

    /** Of a {@link String#hashCode}: where this is plain. */
    static int ofPlain(int stringHash) {
        int spread = stringHash * 0x9e3779b9;
        return spread ^ (spread >>> 16);
    }

    private int keyed(String text) {
        Sip sip = new Sip(k0, k1);
        for (int i = 0; i < text.length(); i++) {
            sip.take(text.charAt(i));
        }
        return sip.end();
    }

    private int keyed(byte[] bytes, int from, int length) {
        Sip sip = new Sip(k0, k1);
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                return keyed(new String(bytes, from, length, StandardCharsets.UTF_8));
            }
            sip.take((char) bytes[i]);
        }
        return sip.end();
    }

    /**
     * SipHash-1-3 (Aumasson and Bernstein, 2012) of a text's chars, the lower byte of each first.
     */
    private static final class Sip {

        private long v0;
        private long v1;
        private long v2;
        private long v3;
        private long word;
        private int chars;

        Sip(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        void take(char next) {
            word |= (long) next << (Character.SIZE * (chars & 3));
            chars++;
            if ((chars & 3) == 0) {
                compress();
            }
        }

        private void compress() {
            v3 ^= word;
            round();
            v0 ^= word;
            word = 0;
        }

        int end() {
            word |= ((long) chars * Character.BYTES) << (Long.SIZE - Byte.SIZE);
            compress();
            v2 ^= 0xff;
            round();
            round();
            round();
            long hash = v0 ^ v1 ^ v2 ^ v3;
            return (int) (hash >>> Integer.SIZE);
        }

        private void round() {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
