package io.tuli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the terminal can show.
 *
 * @param isTerminal whether lines can be painted over
 * @param hasColour whether escape sequences mean colours
 * @param rows lines it is high
 */
record Ink(boolean isTerminal, boolean hasColour, int rows) {

    private static final int ROWS_UNKNOWN = 24;
    private static final Ink PLAIN = new Ink(false, false, Integer.MAX_VALUE);

    /** Asks the process where its output goes; nothing that is piped is ever coloured. */
    @SuppressWarnings("SystemConsoleNull") // the launcher asks for a console that is null in a pipe
    static Ink ofProcess() {
        Map<String, String> environment = System.getenv();
        if (System.console() == null || "dumb".equals(environment.get("TERM"))) {
            return PLAIN;
        }
        return new Ink(true, !environment.containsKey("NO_COLOR"), askForRows());
    }

    /** Of a file or a pipe. */
    static Ink plain() {
        return PLAIN;
    }

    private static int askForRows() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            byte[] size = stty.getInputStream().readNBytes(16);
            String rows = new String(size, StandardCharsets.US_ASCII).split(" ")[0];
            return rows.matches("[1-9]\\d{0,3}") ? Integer.parseInt(rows) : ROWS_UNKNOWN;
        } catch (IOException noSuchCommand) {
            return ROWS_UNKNOWN;
        }
    }

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String good(String text) {
        return styled("32", text);
    }

    String bad(String text) {
        return styled("1;31", text);
    }

    /** A bar of that many columns, filled to a share of 0 to 1. */
    String bar(int columns, double share) {
        int full = (int) Math.round(columns * Math.clamp(share, 0.0, 1.0));
        return good("█".repeat(full)) + dim("░".repeat(columns - full));
    }

    private String styled(String code, String text) {
        return hasColour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
