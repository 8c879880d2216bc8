package io.tuli.terminal;

/** What a piece of text means to the eye; a {@link Palette} decides whether it is shown. */
public enum Colour {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Colour(String code) {
        this.code = code;
    }

    /** The number of the terminal's attribute; empty for none. */
    String code() {
        return code;
    }
}
