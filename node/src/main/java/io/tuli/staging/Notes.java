package io.tuli.staging;

import io.tuli.error.Require;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What a member keeps beside its partitions: a value for each key, of which the last counts. They
 * are few and small, and each segment begins with all of them: so none is lost when older segments
 * go. Not thread-safe.
 *
 * <p>In a block: {@code keyLength u16, key UTF-8, length u32, value}, one behind the other.
 */
public final class Notes {

    /** Begins the key of what a service is. */
    public static final String SERVICE = "service/";

    /** Begins the key of whom this member knew last to serve it. */
    public static final String RING = "ring/";

    /** A note goes into one block. */
    public static final int BYTES_MAX = 512 << 10;

    private static final int KEY_BYTES_MAX = 1 << 10;
    private static final int LENGTHS_BYTES = Short.BYTES + Integer.BYTES;

    private final Map<String, byte[]> notes = new LinkedHashMap<>();

    Notes() {}

    Notes(Notes other) {
        notes.putAll(other.notes);
    }

    void put(String key, byte[] value) {
        notes.put(key, value);
    }

    static void requireFit(String key, byte[] value) {
        Require.argument(
                key.getBytes(StandardCharsets.UTF_8).length <= KEY_BYTES_MAX,
                "a note's key has at most 1,024 bytes",
                key);
        Require.argument(
                value.length <= BYTES_MAX, "a note has at most 524,288 bytes", value.length);
    }

    boolean isEmpty() {
        return notes.isEmpty();
    }

    /** Their keys and values. */
    public Map<String, byte[]> all() {
        return Map.copyOf(notes);
    }

    /**
     * Puts as many of those as there is room for, from the first on.
     *
     * @param queue what is put is taken out of it
     */
    static void write(Map<String, byte[]> queue, ByteBuffer into) {
        var each = queue.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, byte[]> note = each.next();
            byte[] key = note.getKey().getBytes(StandardCharsets.UTF_8);
            if (into.remaining() < LENGTHS_BYTES + key.length + note.getValue().length) {
                return;
            }
            into.putShort((short) key.length).put(key);
            into.putInt(note.getValue().length).put(note.getValue());
            each.remove();
        }
    }

    /** Visits each, with its key. */
    static void read(ByteBuffer from, BiConsumer<String, byte[]> visitor) {
        while (from.hasRemaining()) {
            String key = new String(bytes(from, from.getShort()), StandardCharsets.UTF_8);
            visitor.accept(key, bytes(from, from.getInt()));
        }
    }

    private static byte[] bytes(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /** All of them, to be written anew. */
    Map<String, byte[]> queue() {
        return new LinkedHashMap<>(notes);
    }
}
