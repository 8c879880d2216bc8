package io.tuli.terminal;

/** Paints text, or leaves it as it is where colours are not wanted. */
public enum Palette {
    COLOURED,
    PLAIN;

    public String paint(Colour colour, String text) {
        if (this == PLAIN || colour == Colour.PLAIN || text.isEmpty()) {
            return text;
        }
        return "\033[" + colour.code() + "m" + text + "\033[0m";
    }
}
