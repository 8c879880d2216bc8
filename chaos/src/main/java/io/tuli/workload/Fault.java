package io.tuli.workload;

import io.tuli.error.Nearest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be done to a cluster. */
public enum Fault {
    /** SIGKILL, and a new process in its place. */
    KILL,
    /** SIGSTOP, and SIGCONT after 1 to 5 s, sometimes later than the others wait. */
    PAUSE,
    /** The network falls into two parts for some seconds. */
    PARTITION,
    /** One more member. */
    JOIN,
    /** SIGTERM: a member hands over and leaves; it comes back where nobody else joins. */
    LEAVE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads words with commas between them; {@code none} for no fault.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static Set<Fault> parse(String text) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        if (!text.equals("none")) {
            for (String word : text.split(",", -1)) {
                faults.add(of(word.strip()));
            }
        }
        return faults;
    }

    private static Fault of(String word) {
        List<String> words = Arrays.stream(values()).map(Fault::word).toList();
        if (!words.contains(word)) {
            throw new IllegalArgumentException(
                    "there is no fault \"%s\"%s; there are %s"
                            .formatted(word, Nearest.question(word, words), words));
        }
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
