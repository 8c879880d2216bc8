package io.tuli.error;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds what somebody probably meant who named something that is not there. For error messages:
 * whoever refuses a name says which one is near.
 */
public final class Nearest {
    /** Nobody mistypes longer names; comparing them would only cost time. */
    private static final int CHARS_MAX = 100;

    private Nearest() {}

    /**
     * The known name with the fewest edits - a character more, less, other, or two swapped - if
     * those are at most a third of the name, and at least one is allowed. Upper and lower case are
     * alike; of equally near names the first.
     */
    public static Optional<String> to(String wanted, Collection<String> known) {
        if (wanted.length() > CHARS_MAX) {
            return Optional.empty();
        }
        String best = null;
        int least = Math.max(1, wanted.length() / 3) + 1;
        for (String name : known) {
            if (Math.abs(name.length() - wanted.length()) < least) {
                int edits = edits(lower(wanted), lower(name));
                if (edits < least) {
                    least = edits;
                    best = name;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code "; did you mean x?"} to end an error message with; empty where nothing is near. */
    public static String question(String wanted, Collection<String> known) {
        return to(wanted, known).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** Levenshtein's distance, where swapping two neighbours is one edit. */
    static int edits(String a, String b) {
        int[] twoAbove = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(above[j - 1] + change, 1 + Math.min(above[j], row[j - 1]));
                boolean isSwap =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (isSwap) {
                    row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
                }
            }
            twoAbove = above;
            above = row;
        }
        return above[b.length()];
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
