package io.tuli.measure;

import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * The records of a benchmark: distinct keys of six characters, and values of random bytes that do
 * not compress. A record of {@code n} bytes is a header of three, the key, and a value of the rest,
 * so that sizes mean what they mean in Fero's tests. Immutable; any number of threads.
 *
 * <p>Values are taken from a pool made beforehand, so nobody's clock runs while they are made;
 * which one a key gets depends on the round. The pool fits the second-level cache up to 1,000
 * bytes.
 */
public final class Records {

    /** Bytes of a record that are not its value. */
    public static final int OVERHEAD_BYTES = 9;

    private static final int POOL = 1024;
    private static final int KEY_CHARACTERS = 6;
    private static final int KEYS_MAX = 1 << 30;
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";

    /** Odd, so that it maps the key numbers to themselves, in an order no cache can guess. */
    private static final int SCATTER = 0x2545F491;

    private final String[] keys;
    private final byte[][] values;
    private final int[] checks;

    public Records(int count, int sizeBytes) {
        this(count, sizeBytes, "");
    }

    /**
     * @param prefix makes longer keys; a record is so much longer than its size says
     */
    public Records(int count, int sizeBytes, String prefix) {
        if (count < 1 || count > KEYS_MAX || sizeBytes <= OVERHEAD_BYTES) {
            throw new IllegalArgumentException(
                    "records must be 1.."
                            + KEYS_MAX
                            + " of more than 9 bytes: count="
                            + count
                            + " size="
                            + sizeBytes);
        }
        keys = new String[count];
        for (int i = 0; i < count; i++) {
            keys[i] = prefix + key((i * SCATTER) & (KEYS_MAX - 1));
        }
        values = new byte[POOL][sizeBytes - OVERHEAD_BYTES];
        checks = new int[POOL];
        SplittableRandom random = new SplittableRandom(sizeBytes);
        for (int i = 0; i < POOL; i++) {
            random.nextBytes(values[i]);
            checks[i] = check(values[i]);
        }
    }

    private static String key(int number) {
        char[] characters = new char[KEY_CHARACTERS];
        int rest = number;
        for (int i = KEY_CHARACTERS - 1; i >= 0; i--) {
            characters[i] = DIGITS.charAt(rest & 31);
            rest >>>= 5;
        }
        return new String(characters);
    }

    public int count() {
        return keys.length;
    }

    public String key(long index) {
        return keys[(int) (index % keys.length)];
    }

    /** The number of the value, below {@link #pool}, that a record has in a round. */
    public int valueNumber(long index, long round) {
        return (int) (((index + round * 7919) * 0x9E3779B97F4A7C15L) >>> 54);
    }

    public int pool() {
        return POOL;
    }

    /** A value of the pool: never write to it. */
    public byte[] value(int number) {
        return values[number];
    }

    /** Of a value of the pool, what {@link #check(byte[])} answers. */
    public int check(int number) {
        return checks[number];
    }

    /** CRC-32C of a value. */
    public static int check(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value);
        return (int) crc.getValue();
    }

    /** Stands for one key and its value in a sum that no order changes. */
    public static long entry(String key, int check) {
        long hash = check * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return (hash ^ (hash >>> 31)) * 0xBF58476D1CE4E5B9L;
    }
}
