package io.tuli.terminal;

import java.util.Collection;

/** What somebody may have meant who named something that is not there. */
public final class Suggestion {

    private Suggestion() {}

    /** {@code "; did you mean x?"} with the nearest known name, or nothing where none is near. */
    public static String of(String wanted, Collection<String> known) {
        return asking(nearest(wanted, known));
    }

    /** The question, or nothing for nothing. */
    public static String asking(String near) {
        return near.isEmpty() ? "" : "; did you mean " + near + "?";
    }

    /** The nearest known name; empty where none is near. */
    public static String nearest(String wanted, Collection<String> known) {
        String best = "";
        int least = Math.max(1, wanted.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(wanted, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
