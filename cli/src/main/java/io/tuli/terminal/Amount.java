package io.tuli.terminal;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers, rates and times as people write and read them. */
public final class Amount {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d+)?)(ms|s|m|h|d)");
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(36_500);

    private Amount() {}

    /** {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}. */
    public static Duration duration(String text) {
        Duration duration = text.endsWith("d") ? Duration.ZERO : parsed(text);
        if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
            return duration;
        }
        throw new TuliException(
                Failure.BAD_REQUEST,
                "a time is a number > 0 with ms, s, m or h, at most 24h: " + text + "; try 5s");
    }

    /** How long a document is there: {@code 30s}, {@code 2h}, {@code 7d}. */
    public static Duration lifetime(String text) {
        Duration duration = parsed(text);
        if (duration.toMillis() > 0 && duration.compareTo(LONGEST_LIFE) <= 0) {
            return duration;
        }
        throw new TuliException(
                Failure.BAD_REQUEST,
                "what goes by itself does so after a number > 0 with ms, s, m, h or d, at most"
                        + " 36500d, or never: "
                        + text
                        + "; try 30s");
    }

    /** Zero where it is none. */
    private static Duration parsed(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return Duration.ZERO;
        }
        double millis = Double.parseDouble(parts.group(1)) * millisOf(parts.group(2));
        return Duration.ofNanos((long) (millis * 1_000_000));
    }

    private static double millisOf(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    /** 1,204,551. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** 41.2k, so that a column of changing rates stays narrow. */
    public static String rate(double perSecond) {
        if (perSecond < 1_000) {
            return String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f" : "%.0f", perSecond);
        }
        return perSecond < 1_000_000
                ? String.format(Locale.ROOT, "%.1fk", perSecond / 1_000)
                : String.format(Locale.ROOT, "%.1fM", perSecond / 1_000_000);
    }

    /** Two units at most: 2h14m, 3d4h, 11s. */
    public static String upTime(long millis) {
        long seconds = millis / 1_000;
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h" + seconds / 60 % 60 + "m";
        }
        return seconds / 86_400 + "d" + seconds / 3_600 % 24 + "h";
    }

    /** 1.1 ms. */
    public static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }

    /** 33.2 %. */
    public static String percent(double part, double whole) {
        return String.format(Locale.ROOT, "%.1f %%", whole == 0 ? 0 : 100 * part / whole);
    }

    /** 1 member, 2 members. */
    public static String of(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }
}
