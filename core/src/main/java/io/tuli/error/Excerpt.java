package io.tuli.error;

/**
 * Text from outside - values, keys, names, others' words - as errors, events and logs carry it:
 * bounded, on one line, and readable whatever it was made of. It is never cut within a character,
 * half of a surrogate pair, which no wire can carry, becomes the sign for what cannot be read, and
 * what gives orders to a terminal or breaks a line is {@link Printable}.
 */
public final class Excerpt {

    /** A fact within a sentence has at most so many characters: enough to recognise it. */
    public static final int FACT_CHARS_MAX = 100;

    /** Longest text about one failure. */
    public static final int DETAIL_CHARS_MAX = 1_000;

    private static final char CUT = '…';
    private static final char UNREADABLE = '\uFFFD';

    private Excerpt() {}

    /** A key, a value, a name as a fact within a sentence. */
    public static String of(Object fact) {
        return of(String.valueOf(fact), FACT_CHARS_MAX);
    }

    /** All that is said about one failure. */
    public static String detail(String text) {
        return of(text, DETAIL_CHARS_MAX);
    }

    /** The beginning of a text, at most so many characters, at least 2. */
    public static String of(String text, int charsMax) {
        return cut(Printable.line(readable(cut(text, charsMax))), charsMax);
    }

    /** Whether no pair of surrogates is broken: then the text comes back from UTF-8 as it was. */
    public static boolean isWhole(String text) {
        return broken(text, 0) == text.length();
    }

    private static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        int end = charsMax - 1;
        boolean isWithinPair =
                Character.isHighSurrogate(text.charAt(end - 1))
                        && Character.isLowSurrogate(text.charAt(end));
        return text.substring(0, isWithinPair ? end - 1 : end) + CUT;
    }

    private static String readable(String text) {
        int at = broken(text, 0);
        if (at == text.length()) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (; at < chars.length; at = broken(text, at + 1)) {
            chars[at] = UNREADABLE;
        }
        return new String(chars);
    }

    /** Where the next half of a pair stands; the text's length if there is none. */
    private static int broken(String text, int from) {
        int at = from;
        while (at < text.length() && !isHalf(text, at)) {
            at++;
        }
        return at;
    }

    private static boolean isHalf(String text, int at) {
        char here = text.charAt(at);
        if (!Character.isSurrogate(here)) {
            return false;
        }
        return Character.isHighSurrogate(here)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
