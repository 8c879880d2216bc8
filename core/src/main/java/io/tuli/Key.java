package io.tuli;

import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The path of a value: a top-level key, which decides the partition, and any number of segments
 * below it.
 *
 * <p>Text form: segments joined by dots, {@code u42.address.city}; a dot or backslash inside a
 * segment is written {@code \.} or {@code \\}. The empty key ({@link #NONE}) addresses no value: an
 * {@code add} to it creates a new key. Any text can be a segment, unless it is empty or has half of
 * a surrogate pair. Their order is that of the text forms. Immutable.
 */
public final class Key implements Comparable<Key> {

    /** Addresses no value. */
    public static final Key NONE = new Key("", "", List.of());

    private final String text;
    private final String top;
    private final List<String> below;

    private Key(String text, String top, List<String> below) {
        this.text = text;
        this.top = top;
        this.below = below;
    }

    /** Reads the text form. */
    public static Key parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        if (isPlain(text)) {
            return new Key(text, text, List.of());
        }
        List<String> segments = new ArrayList<>();
        StringBuilder segment = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                segment.append(text.charAt(++i));
            } else if (c == '.') {
                segments.add(segment.toString());
                segment.setLength(0);
            } else {
                segment.append(c);
            }
        }
        segments.add(segment.toString());
        return of(segments);
    }

    /** A key of exactly these segments, which may contain any character. */
    public static Key of(String top, String... below) {
        List<String> segments = new ArrayList<>(below.length + 1);
        segments.add(top);
        segments.addAll(List.of(below));
        return of(segments);
    }

    private static Key of(List<String> segments) {
        for (String segment : segments) {
            Require.argument(!segment.isEmpty(), "a key has no empty segment", segments);
            requireWhole(segment);
        }
        StringBuilder text = new StringBuilder();
        for (String segment : segments) {
            if (text.length() > 0) {
                text.append('.');
            }
            text.append(escape(segment));
        }
        List<String> below = List.copyOf(segments.subList(1, segments.size()));
        return new Key(text.toString(), segments.get(0), below);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' || c == '\\' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** What has half a character has no UTF-8: elsewhere it would be another key. */
    private static void requireWhole(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean isPair =
                        Character.isHighSurrogate(c)
                                && i + 1 < segment.length()
                                && Character.isLowSurrogate(segment.charAt(i + 1));
                Require.argument(isPair, "a key has no half of a surrogate pair, index", i);
                i++;
            }
        }
    }

    private static String escape(String segment) {
        if (isPlain(segment)) {
            return segment;
        }
        return segment.replace("\\", "\\\\").replace(".", "\\.");
    }

    /** The same path with one more segment. */
    public Key child(String segment) {
        Require.argument(!segment.isEmpty(), "a key has no empty segment", text);
        requireWhole(segment);
        if (isNone()) {
            return of(segment);
        }
        List<String> deeper = new ArrayList<>(below);
        deeper.add(segment);
        return new Key(text + "." + escape(segment), top, List.copyOf(deeper));
    }

    /**
     * The top-level key, unescaped: the name under which {@code Service.state()} holds the
     * document.
     */
    public String top() {
        return top;
    }

    /** The segments below the top-level key, outermost first; empty for a whole document. */
    public List<String> below() {
        return below;
    }

    public boolean isNone() {
        return top.isEmpty();
    }

    /** True when the key addresses a whole document. */
    public boolean isTop() {
        return below.isEmpty();
    }

    /** Bytes of the text form in UTF-8: what the key limit counts. */
    public int sizeBytes() {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && key.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public int compareTo(Key other) {
        return text.compareTo(other.text);
    }

    /** The text form, from which {@link #parse} makes an equal key. */
    @Override
    public String toString() {
        return text;
    }
}
