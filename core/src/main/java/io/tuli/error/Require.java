package io.tuli.error;

/** Checks of arguments and invariants, always on; messages are the rule, then the facts. */
public final class Require {

    private Require() {}

    /** Throws {@link IllegalArgumentException} unless the caller kept the rule. */
    public static void argument(boolean kept, String rule, Object fact) {
        if (!kept) {
            throw new IllegalArgumentException(rule + ": " + Excerpt.of(fact));
        }
    }

    /** Throws {@link IllegalStateException} unless our own invariant holds: a bug, not an input. */
    public static void invariant(boolean holds, String rule, Object fact) {
        if (!holds) {
            throw new IllegalStateException("invariant broken, " + rule + ": " + Excerpt.of(fact));
        }
    }
}
