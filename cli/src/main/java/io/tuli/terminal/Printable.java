package io.tuli.terminal;

/**
 * Text from elsewhere as a terminal may print it: a character that gives an order - moves the
 * cursor, rings, turns the writing round - becomes the six letters that stand for it in JSON. So
 * what is JSON stays JSON and means the same.
 */
public final class Printable {

    private static final char ESCAPE = '\033';

    private Printable() {}

    /** Without orders; breaks between lines and tabs stay. */
    public static String of(String text) {
        return of(text, false, true);
    }

    /** Without orders, on one line: for names and texts that must not look like two. */
    public static String line(String text) {
        return of(text, false, false);
    }

    /** Without orders but those of a {@link Palette}. */
    static String painted(String text) {
        return of(text, true, true);
    }

    private static String of(String text, boolean mayPaint, boolean mayBreak) {
        int first = 0;
        while (first < text.length() && !isOrder(text.charAt(first), mayBreak)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16).append(text, 0, first);
        int at = first;
        while (at < text.length()) {
            char c = text.charAt(at);
            int painted = mayPaint && c == ESCAPE ? Palette.lengthAt(text, at) : 0;
            if (painted > 0) {
                printable.append(text, at, at + painted);
            } else if (isOrder(c, mayBreak)) {
                printable.append(String.format("\\u%04x", (int) c));
            } else {
                printable.append(c);
            }
            at += Math.max(1, painted);
        }
        return printable.toString();
    }

    private static boolean isOrder(char c, boolean mayBreak) {
        return c < ' '
                ? !mayBreak || (c != '\n' && c != '\t')
                : c >= 0x7f && (c <= 0x9f || turnsRound(c));
    }

    /** Marks of the Unicode bidirectional algorithm, and its separators of lines. */
    private static boolean turnsRound(char c) {
        return c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
