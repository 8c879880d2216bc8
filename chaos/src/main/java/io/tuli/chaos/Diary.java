package io.tuli.chaos;

import java.io.PrintStream;

/** Tells what happens: people, where they listen, and the history. Thread-safe. */
final class Diary {

    private final PrintStream out;
    private final History history;
    private final boolean isQuiet;

    Diary(PrintStream out, History history, boolean isQuiet) {
        this.out = out;
        this.history = history;
        this.isQuiet = isQuiet;
    }

    /** The moment on the clock of the history. */
    long nowNanos() {
        return history.nowNanos();
    }

    void tell(String what) {
        history.note("event", what);
        if (!isQuiet) {
            say("%7.1f s  %s".formatted(nowNanos() / 1e9, what));
        }
    }

    /** A line for people alone. */
    void say(String line) {
        if (!isQuiet) {
            synchronized (out) {
                out.println(line);
                out.flush();
            }
        }
    }
}
