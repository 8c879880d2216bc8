package io.tuli.query;

import java.util.OptionalInt;

/** Numbers as texts. */
final class WholeText {

    /** Longer ones are not looked at: what they cost grows with their square. */
    private static final int CHARS_MAX = 40;

    private static final int DIGITS_MAX = 9;

    private WholeText() {}

    /** Whether a text is a plain decimal number: {@code -1.50}. */
    static boolean isNumber(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        int dot = text.indexOf('.');
        int end = text.length();
        if (end > CHARS_MAX) {
            return false;
        }
        return dot < 0
                ? isDigits(text, from, end)
                : isDigits(text, from, dot) && isDigits(text, dot + 1, end);
    }

    /** A whole number from 0 of at most 9 digits; empty if it is none. */
    static OptionalInt count(Object value) {
        String text =
                value instanceof Integer || value instanceof Long || value instanceof String
                        ? value.toString()
                        : "";
        return text.length() <= DIGITS_MAX && isDigits(text, 0, text.length())
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    private static boolean isDigits(String text, int from, int end) {
        boolean are = from < end;
        for (int i = from; are && i < end; i++) {
            are = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return are;
    }
}
