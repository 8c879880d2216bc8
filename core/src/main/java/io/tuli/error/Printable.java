package io.tuli.error;

/**
 * Text from elsewhere as a terminal or a log may print it: a character that gives an order - moves
 * the cursor, rings, breaks the line, turns the writing round - becomes the six letters that stand
 * for it in JSON. So what is JSON stays JSON and means the same, and done twice it changes nothing
 * more.
 */
public final class Printable {

    private static final String HEX = "0123456789abcdef";

    private Printable() {}

    /** Without orders; breaks between lines and tabs stay. */
    public static String of(String text) {
        return of(text, true);
    }

    /** Without orders, on one line: for names and texts that must not look like two. */
    public static String line(String text) {
        return of(text, false);
    }

    /** Whether {@link #line} would change nothing. */
    public static boolean isLine(String text) {
        return firstOrder(text, 0, false) == text.length();
    }

    private static String of(String text, boolean mayBreak) {
        int order = firstOrder(text, 0, mayBreak);
        if (order == text.length()) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16);
        int from = 0;
        while (order < text.length()) {
            printable.append(text, from, order);
            append(printable, text.charAt(order));
            from = order + 1;
            order = firstOrder(text, from, mayBreak);
        }
        return printable.append(text, from, order).toString();
    }

    private static int firstOrder(String text, int from, boolean mayBreak) {
        int at = from;
        while (at < text.length() && !isOrder(text.charAt(at), mayBreak)) {
            at++;
        }
        return at;
    }

    private static void append(StringBuilder printable, char order) {
        printable.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            printable.append(HEX.charAt((order >>> shift) & 0xf));
        }
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
