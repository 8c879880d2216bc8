package io.tuli.terminal;

import io.tuli.error.Printable;

/** Paints {@link Printable} text, or leaves it as it is where colours are not wanted. */
public enum Palette {
    COLOURED,
    PLAIN;

    private static final char ESCAPE = '\033';
    private static final String END = "\033[0m";

    public String paint(Colour colour, String text) {
        if (this == PLAIN || colour == Colour.PLAIN || text.isEmpty()) {
            return text;
        }
        return begin(colour) + Printable.of(text) + END;
    }

    private static String begin(Colour colour) {
        return "\033[" + colour.code() + "m";
    }

    /** {@link Printable}, but for the orders that {@link #paint} gives. */
    static String printable(String text) {
        if (text.indexOf(ESCAPE) < 0) {
            return Printable.of(text);
        }
        StringBuilder printable = new StringBuilder(text.length() + 16);
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            int painted = text.charAt(at) == ESCAPE ? lengthAt(text, at) : 0;
            if (painted > 0) {
                printable.append(Printable.of(text.substring(from, at)));
                printable.append(text, at, at + painted);
                from = at + painted;
            }
            at += Math.max(1, painted);
        }
        return printable.append(Printable.of(text.substring(from))).toString();
    }

    /** How long the order is that stands there, if {@link #paint} gives such; else 0. */
    private static int lengthAt(String text, int at) {
        for (Colour colour : Colour.values()) {
            if (colour != Colour.PLAIN && text.startsWith(begin(colour), at)) {
                return begin(colour).length();
            }
        }
        return text.startsWith(END, at) ? END.length() : 0;
    }
}
