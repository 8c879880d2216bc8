package io.tuli.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON strings: text to quoted bytes and back.
 *
 * <p>Half a surrogate pair has no UTF-8; it is written as its escape, so that any Java string comes
 * back as it was.
 */
final class JsonString {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private JsonString() {}

    /** The text in quotes, escaped as little as JSON allows. */
    static byte[] quote(String text) {
        byte[] quoted = new byte[text.length() + 2];
        quoted[0] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                return escaped(text, i);
            }
            quoted[i + 1] = (byte) c;
        }
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    /** The same of a text in which not every character is one byte that says itself. */
    private static byte[] escaped(String text, int from) {
        StringBuilder quoted = new StringBuilder(text.length() + 8).append('"');
        quoted.append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\b' -> quoted.append("\\b");
                case '\t' -> quoted.append("\\t");
                case '\n' -> quoted.append("\\n");
                case '\f' -> quoted.append("\\f");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' ' || isLone(text, i)) {
                        escape(c, quoted);
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** JSON text in UTF-8, where half a surrogate pair becomes its escape. */
    static byte[] utf8(String json) {
        int i = 0;
        while (i < json.length() && !isLone(json, i)) {
            i++;
        }
        if (i == json.length()) {
            return json.getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder repaired = new StringBuilder(json.length() + 8).append(json, 0, i);
        for (; i < json.length(); i++) {
            if (isLone(json, i)) {
                escape(json.charAt(i), repaired);
            } else {
                repaired.append(json.charAt(i));
            }
        }
        return repaired.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether the quoted string in {@code [from, end)} says {@code text}, {@code quoted} in bytes.
     */
    static boolean says(byte[] json, int from, int end, String text, byte[] quoted) {
        if (Arrays.equals(json, from, end, quoted, 0, quoted.length)) {
            return true;
        }
        return hasEscape(json, from, end) && unquote(json, from, end).equals(text);
    }

    /** The text of the quoted string in {@code [from, end)}. */
    static String unquote(byte[] json, int from, int end) {
        String inner = new String(json, from + 1, end - from - 2, StandardCharsets.UTF_8);
        if (!hasEscape(json, from, end)) {
            return inner;
        }
        StringBuilder text = new StringBuilder(inner.length());
        int i = 0;
        while (i < inner.length()) {
            char c = inner.charAt(i++);
            if (c != '\\' || i == inner.length()) {
                text.append(c);
                continue;
            }
            char kind = inner.charAt(i++);
            if (kind == 'u' && i + 4 <= inner.length()) {
                text.append(hexadecimal(inner, i));
                i += 4;
            } else {
                text.append(unescaped(kind));
            }
        }
        return text.toString();
    }

    private static boolean hasEscape(byte[] json, int from, int end) {
        for (int i = from; i < end; i++) {
            if (json[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private static char unescaped(char kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            default -> kind;
        };
    }

    private static char hexadecimal(String text, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = (value << 4) | (Character.digit(text.charAt(i), 16) & 0xf);
        }
        return (char) value;
    }

    private static void escape(char c, StringBuilder into) {
        into.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            into.append(HEX[(c >> shift) & 0xf]);
        }
    }

    /** Whether a text has no half of a surrogate pair. */
    static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && isLone(text, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
