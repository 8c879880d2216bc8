package io.tuli.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * The outcome.
 *
 * @param members member processes at the end
 * @param restarts how often all of them were killed and started again
 * @param flights how many there were to acknowledge
 * @param acknowledged calls that ended OK
 * @param pace how fast that went
 * @param audit what the comparison with the file found
 */
record Score(int members, int restarts, int flights, int acknowledged, Pace pace, Audit audit) {

    /**
     * How fast it went.
     *
     * @param longestGapMillis longest time between one acknowledged write and the next
     * @param perSecond acknowledged writes
     * @param medianMillis what half of the writes took at most
     * @param p99Millis what 99 of 100 writes took at most
     * @param slowestMillis what the slowest took
     * @param repeats requests sent again under the same identity
     */
    record Pace(
            long longestGapMillis,
            long perSecond,
            double medianMillis,
            double p99Millis,
            double slowestMillis,
            int repeats) {}

    boolean isPerfect() {
        return acknowledged == flights && audit.isClean();
    }

    String json() {
        return ("{\"members\":%d,\"acknowledged\":%d,\"lost\":%d,\"duplicated\":%d,"
                        + "\"airportsWrong\":%d,\"divergentReplicas\":%d,\"longestWriteGapMs\":%d,"
                        + "\"perSecond\":%d%s}")
                .formatted(
                        members,
                        acknowledged,
                        audit.lost(),
                        audit.duplicated(),
                        audit.airportsWrong(),
                        audit.divergentReplicas(),
                        pace.longestGapMillis(),
                        pace.perSecond(),
                        restarts == 0 ? "" : ",\"restarts\":" + restarts);
    }

    /** For people: a line per count, then what was found. */
    List<String> lines(Ink ink) {
        List<String> lines = new ArrayList<>();
        lines.add(ink.bold("Every flight and every sum, on every member, compared with the file:"));
        lines.add(line(ink, "acknowledged", acknowledged, flights, "of 20,000 flights"));
        lines.add(line(ink, "lost", audit.lost(), 0, "acknowledged, and missing on a member"));
        lines.add(line(ink, "duplicated", audit.duplicated(), 0, "applied twice on a member"));
        lines.add(line(ink, "airports wrong", audit.airportsWrong(), 0, "sums unlike the file's"));
        lines.add(
                line(
                        ink,
                        "divergent replicas",
                        audit.divergentReplicas(),
                        0,
                        "of %d copies on %d members and the loader"
                                .formatted(2 * members + 2, members)));
        lines.add(
                fact(
                        ink,
                        "longest write gap",
                        pace.longestGapMillis() + " ms",
                        "between two acknowledged writes"));
        lines.add(
                fact(
                        ink,
                        "throughput",
                        "%,d/s".formatted(pace.perSecond()),
                        "%d requests were sent again".formatted(pace.repeats())));
        lines.add(
                fact(
                        ink,
                        "a write took",
                        "%.1f ms".formatted(pace.medianMillis()),
                        "median; 99 %% %.0f ms, slowest %.0f ms"
                                .formatted(pace.p99Millis(), pace.slowestMillis())));
        audit.remarks().forEach(remark -> lines.add("  " + ink.bad(remark)));
        return lines;
    }

    private static String line(Ink ink, String what, int count, int wanted, String meaning) {
        String number = "%,8d".formatted(count);
        String painted = count == wanted ? ink.good(number) : ink.bad(number);
        return "  %-20s%s     %s".formatted(what, painted, ink.dim(meaning));
    }

    private static String fact(Ink ink, String what, String amount, String meaning) {
        return "  %-20s%11s  %s".formatted(what, amount, ink.dim(meaning));
    }
}
