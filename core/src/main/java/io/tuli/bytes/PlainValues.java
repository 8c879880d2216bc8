package io.tuli.bytes;

import io.tuli.error.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON has them, as bytes in one form: null, booleans, whole and broken numbers, texts,
 * lists, and maps by text in the order of their names. For what is short and read by nobody but
 * members. Stateless.
 */
public final class PlainValues {

    /** How deep lists and maps lie within each other. */
    public static final int DEPTH_MOST = 8;

    private static final int NULL = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int WHOLE = 3;
    private static final int BROKEN = 4;
    private static final int TEXT = 5;
    private static final int LIST = 6;
    private static final int MAP = 7;

    /** A name and a value. */
    private static final int ENTRY_BYTES_MIN = 2;

    private PlainValues() {}

    /**
     * A map as bytes; none for one that is empty.
     *
     * @throws IllegalArgumentException where something in it is none of these values, lies too deep
     *     or makes it longer than that
     */
    public static byte[] write(Map<?, ?> map, int bytesMost) {
        if (map.isEmpty()) {
            return new byte[0];
        }
        Writer writer = new Writer(bytesMost);
        writer.map(map, 1);
        return Arrays.copyOf(writer.out, writer.at);
    }

    /**
     * The map of these bytes, which cannot be changed.
     *
     * @throws MalformedException where they are none
     */
    public static Map<String, @Nullable Object> read(byte[] bytes) {
        return bytes.length == 0 ? Map.of() : new Reader(bytes).whole();
    }

    /** Writes into an array that grows up to a bound. */
    private static final class Writer {
        private final int bytesMost;
        private byte[] out = new byte[128];
        private int at;

        Writer(int bytesMost) {
            this.bytesMost = bytesMost;
        }

        private void room(int more) {
            if (more > bytesMost - at) {
                throw new IllegalArgumentException("at most " + bytesMost + " bytes are taken");
            }
            if (at + more > out.length) {
                out = Arrays.copyOf(out, Math.max(at + more, 2 * out.length));
            }
        }

        private void octet(int value) {
            room(1);
            out[at++] = (byte) value;
        }

        private void number(long value) {
            byte[] bytes = new byte[Varint.LONG_BYTES_MAX];
            int length = Varint.write(bytes, 0, value);
            room(length);
            System.arraycopy(bytes, 0, out, at, length);
            at += length;
        }

        private void text(String text) {
            if (text.length() > bytesMost) {
                room(text.length());
            }
            if (!Excerpt.isWhole(text)) {
                throw new IllegalArgumentException(
                        "a text has no half of a surrogate pair: " + Excerpt.of(text));
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            room(bytes.length);
            System.arraycopy(bytes, 0, out, at, bytes.length);
            at += bytes.length;
        }

        private void value(@Nullable Object value, int depth) {
            switch (value) {
                case null -> octet(NULL);
                case Boolean truth -> octet(truth ? TRUE : FALSE);
                case Long number -> whole(number);
                case Integer number -> whole(number);
                case Short number -> whole(number);
                case Byte number -> whole(number);
                case Double number -> broken(number);
                case Float number -> broken(number);
                case String text -> {
                    octet(TEXT);
                    text(text);
                }
                case List<?> list -> list(list, depth + 1);
                case Map<?, ?> map -> {
                    octet(MAP);
                    map(map, depth + 1);
                }
                default ->
                        throw new IllegalArgumentException(
                                "values are null, true, false, numbers of 64 bits, texts, lists and"
                                        + " maps: "
                                        + value.getClass().getName());
            }
        }

        private void whole(long number) {
            octet(WHOLE);
            number((number << 1) ^ (number >> 63));
        }

        private void broken(double number) {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("a number is finite: " + number);
            }
            octet(BROKEN);
            room(Long.BYTES);
            at = BigEndian.writeLong(out, at, Double.doubleToLongBits(number));
        }

        private void list(List<?> list, int depth) {
            requireDepth(depth);
            octet(LIST);
            number(list.size());
            for (Object each : list) {
                value(each, depth);
            }
        }

        private void map(Map<?, ?> map, int depth) {
            requireDepth(depth);
            TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach(
                    (name, value) -> {
                        if (!(name instanceof String text)) {
                            throw new IllegalArgumentException(
                                    "names in a map are texts: "
                                            + Excerpt.of(String.valueOf(name)));
                        }
                        sorted.put(text, value);
                    });
            number(sorted.size());
            sorted.forEach(
                    (name, value) -> {
                        text(name);
                        value(value, depth);
                    });
        }

        private static void requireDepth(int depth) {
            if (depth > DEPTH_MOST) {
                throw new IllegalArgumentException(
                        "lists and maps lie at most " + DEPTH_MOST + " deep within each other");
            }
        }
    }

    /** Reads what a writer has written, and nothing else. */
    private static final class Reader extends FieldReader {

        Reader(byte[] array) {
            begin(array, 0, array.length);
        }

        Map<String, @Nullable Object> whole() {
            Map<String, @Nullable Object> map = map(1);
            if (map.isEmpty()) {
                throw new MalformedException("an empty map has no bytes");
            }
            if (left() != 0) {
                throw new MalformedException("a map ends with its last value: left=" + left());
            }
            return map;
        }

        private Map<String, @Nullable Object> map(int depth) {
            requireDepth(depth);
            int count = count(ENTRY_BYTES_MIN);
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            String last = null;
            for (int i = 0; i < count; i++) {
                String name = text();
                if (last != null && name.compareTo(last) <= 0) {
                    throw new MalformedException("names must be in order, each once");
                }
                last = name;
                map.put(name, value(depth));
            }
            return Collections.unmodifiableMap(map);
        }

        private @Nullable Object value(int depth) {
            int kind = octet();
            return switch (kind) {
                case NULL -> null;
                case FALSE -> false;
                case TRUE -> true;
                case WHOLE -> whole(varLong());
                case BROKEN -> broken();
                case TEXT -> text();
                case LIST -> list(depth + 1);
                case MAP -> map(depth + 1);
                default -> throw new MalformedException("unknown value: kind=" + kind);
            };
        }

        private static Long whole(long bits) {
            return (bits >>> 1) ^ -(bits & 1);
        }

        private Double broken() {
            double number = Double.longBitsToDouble(fixedLong());
            if (!Double.isFinite(number)) {
                throw new MalformedException("a number is finite");
            }
            return number;
        }

        private List<@Nullable Object> list(int depth) {
            requireDepth(depth);
            int count = count(1);
            List<@Nullable Object> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(value(depth));
            }
            return Collections.unmodifiableList(list);
        }

        private String text() {
            int length = count(1);
            skip(length);
            return textAt(at - length, length);
        }

        private static void requireDepth(int depth) {
            if (depth > DEPTH_MOST) {
                throw new MalformedException("lists and maps lie too deep within each other");
            }
        }
    }
}
