package io.tuli.hostile;

import io.tuli.Limits;
import java.util.SplittableRandom;

/** Texts that are hard to take: as names, keys and verbs. One thread. */
final class OddTexts {

    private static final String HALF = "\ud800";
    private static final String PAIR = "\ud83d\ude00";
    private static final int DOCUMENTS = 6;

    private final SplittableRandom random;
    private final Limits limits;

    OddTexts(SplittableRandom random, Limits limits) {
        this.random = random;
        this.limits = limits;
    }

    String any(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    /** So long that it is just within a limit, at it, or beyond. */
    String about(String of, int limit) {
        int times = Math.max(0, (limit + random.nextInt(-1, 2)) / of.length());
        return of.repeat(times) + "x".repeat(random.nextInt(2));
    }

    /** Of a field, a header, or anything. */
    String name() {
        return switch (random.nextInt(4)) {
            case 0 -> any("", " ", ".", "-", "0", "-1", "99999999999", "\\", "a.b", "\u0000", "\"");
            case 1 -> any(HALF, "a" + HALF, "\udc00", PAIR, "\u00e9", "\u2028", "\ufeff", "\uffff");
            case 2 -> any("__proto__", "$type", "class", "null", "NaN", "n", "name");
            default -> about(any("x", "\u00e9", PAIR), any("16", "256", "1024").length() * 64);
        };
    }

    /**
     * The text of a key: mostly one of a few documents, so that what comes there meets what is
     * there; never a bystander's.
     */
    String key() {
        String document = document();
        return switch (random.nextInt(20)) {
            case 0 -> "";
            case 1 -> about("k", limits.keyBytes());
            case 2 -> document + ".d".repeat(Math.max(0, limits.documentDepth() + deeper()));
            case 3 -> document + "." + name();
            case 4 -> name();
            case 5 -> document + any(".", "..a", ".a.", "\\", "\\.x", HALF, PAIR);
            case 6, 7, 8, 9, 10 ->
                    document
                            + any(
                                    ".a",
                                    ".a.b",
                                    ".0",
                                    ".-",
                                    ".-1",
                                    ".1",
                                    ".01",
                                    ".n",
                                    ".name",
                                    ".2147483648",
                                    ".0.0.0");
            default -> document;
        };
    }

    String document() {
        return "odd" + random.nextInt(DOCUMENTS);
    }

    private int deeper() {
        return random.nextInt(-2, 3);
    }

    /** Of nobody's: too long, reserved, blank, unknown. */
    String verb() {
        return switch (random.nextInt(4)) {
            case 0 -> any("", " ", "\n", "UPDATE", "update ", "nobody-knows", HALF, PAIR);
            case 1 -> any("$read", "$nothing", "$report", "$", "$odd");
            case 2 -> "v".repeat(random.nextInt(255, 258));
            default -> "\u00e9".repeat(random.nextInt(127, 130));
        };
    }
}
