package io.tuli.compare;

/**
 * A peer that failed in the middle of a comparison, and was left out from then on.
 *
 * @param size of the records then
 * @param round counted from 1, or {@link #AT_START}
 * @param why in its own words, on one line
 */
record LeftOut(Contender contender, int size, int round, String why) {

    static final int AT_START = 0;

    LeftOut {
        why = why.replaceAll("\\s+", " ");
    }

    int finishedRounds() {
        return Math.max(0, round - 1);
    }

    /** Fewer rounds say nothing that could be relied on. */
    boolean isKept() {
        return finishedRounds() >= Ratio.ROUNDS_MIN;
    }

    String sentence() {
        String name = contender.name() + " ";
        if (round == AT_START) {
            return name + "was not run from " + size + " B on: " + why;
        }
        return name
                + "was left out from round %d with %d B on: %s; its %d finished rounds %s"
                        .formatted(round, size, why, finishedRounds(), fate());
    }

    private String fate() {
        return isKept()
                ? "are in the table"
                : "are not in the table, where at least " + Ratio.ROUNDS_MIN + " are needed";
    }
}
