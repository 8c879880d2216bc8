package io.tuli.store;

import io.tuli.log.DocumentReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * How a table hashes keys. Mostly as {@link String#hashCode} does, which is known of a key by the
 * time it comes here. Anybody can make keys that are alike to that, so a table that has met many
 * takes another, keyed by a number that nobody outside this process knows. Immutable.
 */
final class KeyHash {

    /** By {@link String#hashCode}. */
    static final KeyHash PLAIN = new KeyHash(0);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Odd; 0 where the hash is plain. */
    private final long key;

    private KeyHash(long key) {
        this.key = key;
    }

    /** One that nobody has foreseen. */
    static KeyHash drawn() {
        return new KeyHash(RANDOM.nextLong() | 1);
    }

    boolean isPlain() {
        return key == 0;
    }

    int of(String text) {
        return isPlain() ? ofPlain(text.hashCode()) : keyed(text);
    }

    /** The key of a document that is to be written. */
    int of(DocumentReader document) {
        return isPlain()
                ? ofPlain(document.keyHash())
                : keyed(document.array(), document.keyAt(), document.keyBytes());
    }

    /** The key of a document that lies in a chunk. */
    int of(byte[] chunk, int at) {
        return isPlain()
                ? ofPlain(Packed.keyHash(chunk, at))
                : keyed(chunk, Packed.keyAt(chunk, at), Packed.keyBytes(chunk, at));
    }

    /** Of a {@link String#hashCode}: where this is plain. */
    static int ofPlain(int stringHash) {
        int spread = stringHash * 0x9e3779b9;
        return spread ^ (spread >>> 16);
    }

    private int keyed(String text) {
        long hash = key;
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash, text.charAt(i));
        }
        return (int) (hash >>> Integer.SIZE);
    }

    private int keyed(byte[] bytes, int from, int length) {
        long hash = key;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                return keyed(new String(bytes, from, length, StandardCharsets.UTF_8));
            }
            hash = mixed(hash, (char) bytes[i]);
        }
        return (int) (hash >>> Integer.SIZE);
    }

    private long mixed(long hash, char next) {
        long mixed = (hash ^ next) * key;
        return mixed ^ (mixed >>> 29);
    }
}
