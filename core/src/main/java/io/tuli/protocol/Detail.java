package io.tuli.protocol;

/**
 * Text for people about what went wrong, as it goes into answers, events and logs: bounded, and
 * readable whatever it was made of. It is never cut within a character, and half of a surrogate
 * pair, which no wire can carry, becomes the sign for what cannot be read.
 */
public final class Detail {

    /** Longest detail of a failure. */
    public static final int CHARS_MAX = 1_000;

    /** So much of a key or a value is shown within a sentence. */
    private static final int SHOWN_CHARS_MAX = 100;

    private static final String CUT = "...";
    private static final char UNREADABLE = '\uFFFD';

    private Detail() {}

    /** The text as a detail. */
    public static String of(String text) {
        return text.isEmpty() ? text : readable(cut(text, CHARS_MAX));
    }

    /** A key or a value as a fact within a sentence: enough to recognise it. */
    public static String shown(Object fact) {
        return readable(cut(fact.toString(), SHOWN_CHARS_MAX));
    }

    private static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        int end = charsMax - CUT.length();
        boolean isWithinPair = Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, isWithinPair ? end - 1 : end) + CUT;
    }

    private static String readable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHalf(text, i)) {
                return repaired(text, i);
            }
        }
        return text;
    }

    private static String repaired(String text, int from) {
        char[] chars = text.toCharArray();
        for (int i = from; i < chars.length; i++) {
            if (isHalf(text, i)) {
                chars[i] = UNREADABLE;
            }
        }
        return new String(chars);
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
