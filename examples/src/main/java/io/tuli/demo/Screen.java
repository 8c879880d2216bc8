package io.tuli.demo;

import java.io.PrintStream;
import java.util.List;

/**
 * Prints lines, and on a terminal paints a frame over the one before. Guards itself: the painter
 * and whoever ends the program may come at once.
 */
final class Screen {

    private static final String UP = "\u001b[%dA\r";
    private static final String TO_END_OF_LINE = "\u001b[K";
    private static final String TO_END_OF_SCREEN = "\u001b[J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    /** A line too long for the terminal is cut, so that a frame is as high as it has lines. */
    private static final String CUT_LINES = "\u001b[?7l";

    private static final String WRAP_LINES = "\u001b[?7h";

    private final PrintStream out;
    private final Ink ink;
    private int painted;

    Screen(PrintStream out, Ink ink) {
        this.out = out;
        this.ink = ink;
    }

    Ink ink() {
        return ink;
    }

    /** Prints a line that stays. */
    synchronized void print(String line) {
        out.println(line);
        out.flush();
    }

    /** Paints a frame over the last one. */
    synchronized void paint(List<String> frame) {
        StringBuilder text = new StringBuilder();
        if (ink.isTerminal()) {
            text.append(HIDE_CURSOR).append(CUT_LINES);
            text.append(painted > 0 ? UP.formatted(painted) : "");
        }
        List<String> shown = frame.subList(0, Math.min(frame.size(), ink.rows() - 1));
        for (String line : shown) {
            text.append(line).append(ink.isTerminal() ? TO_END_OF_LINE : "").append('\n');
        }
        text.append(ink.isTerminal() ? TO_END_OF_SCREEN : "");
        painted = shown.size();
        out.print(text);
        out.flush();
    }

    /** The frame stays as it is, and the cursor comes back. */
    synchronized void keep() {
        painted = 0;
        if (ink.isTerminal()) {
            out.print(SHOW_CURSOR + WRAP_LINES);
            out.flush();
        }
    }
}
