package io.tuli.terminal;

/** Paints {@link Printable} text, or leaves it as it is where colours are not wanted. */
public enum Palette {
    COLOURED,
    PLAIN;

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

    /** How long the order is that stands there, if {@link #paint} gives such; else 0. */
    static int lengthAt(String text, int at) {
        for (Colour colour : Colour.values()) {
            if (colour != Colour.PLAIN && text.startsWith(begin(colour), at)) {
                return begin(colour).length();
            }
        }
        return text.startsWith(END, at) ? END.length() : 0;
    }
}
