package io.tuli;

/** Checks of arguments and invariants, always on; messages are the rule, then the facts. */
public final class Require {

    /** A fact in an error has at most so many characters: enough to know it again. */
    private static final int SHOWN_MOST = 100;

    private static final char REPLACEMENT = '\uFFFD';

    private Require() {}

    /** Throws {@link IllegalArgumentException} unless the caller kept the rule. */
    public static void argument(boolean kept, String rule, Object fact) {
        if (!kept) {
            throw new IllegalArgumentException(rule + ": " + shown(fact));
        }
    }

    /** Throws {@link IllegalStateException} unless our own invariant holds: a bug, not an input. */
    public static void invariant(boolean holds, String rule, Object fact) {
        if (!holds) {
            throw new IllegalStateException("invariant broken, " + rule + ": " + shown(fact));
        }
    }

    /**
     * A fact as errors show it: at most 100 characters and then "…", never half a surrogate pair,
     * so that it can be sent. For whatever comes from outside: values, keys, names, others' words.
     */
    public static String shown(Object fact) {
        return shown(String.valueOf(fact), SHOWN_MOST);
    }

    /** The same with another length, at least 1. */
    public static String shown(String text, int charsMost) {
        int end = Math.min(text.length(), charsMost);
        boolean isCut = end < text.length();
        if (isCut && end > 1 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        String kept = isText(text, end) ? text.substring(0, end) : repaired(text, end);
        return isCut ? kept + "…" : kept;
    }

    /**
     * Whether the text has no half of a surrogate pair: then it comes back from UTF-8 as it was.
     */
    public static boolean isText(String text) {
        return isText(text, text.length());
    }

    private static boolean isText(String text, int end) {
        for (int i = 0; i < end; i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPairAt(text, i, end)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean isPairAt(String text, int at, int end) {
        return at + 1 < end && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private static String repaired(String text, int end) {
        StringBuilder whole = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                whole.append(c);
            } else if (isPairAt(text, i, end)) {
                whole.append(c).append(text.charAt(++i));
            } else {
                whole.append(REPLACEMENT);
            }
        }
        return whole.toString();
    }
}
