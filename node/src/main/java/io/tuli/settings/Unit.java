package io.tuli.settings;

import io.tuli.agreement.RestartRule;
import io.tuli.secret.Demand;
import io.tuli.secret.Role;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the text of a setting means, and how to read it. Immutable.
 *
 * @param name what it counts, for the table
 * @param examples how it can be written, for errors
 * @param parser throws IllegalArgumentException for anything else
 */
public record Unit<T>(String name, String examples, Function<String, T> parser) {
    /** What is longer is for ever, and as much. */
    private static final long DAYS_MOST = 1_000_000_000_000L;

    private static final int SEGMENT_BYTES_MIN = 2 << 20;
    private static final int SEGMENT_BYTES_MAX = 1 << 30;
    private static final int WINDOW_BYTES_MIN = 16 << 10;
    private static final int WINDOW_BYTES_MAX = 4 << 20;

    private static final Pattern NUMBER_WITH_UNIT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");

    /** Bytes, of which there may be two thousand million. */
    static final Unit<Integer> BYTES =
            new Unit<>("bytes", "1024, 64KiB, 16MiB or 1GiB", Unit::bytes);

    public static final Unit<Duration> DURATION =
            new Unit<>("duration", "100us, 500ms, 20s, 2min, 1h or 1d", Unit::duration);

    static final Unit<Integer> COUNT = new Unit<>("count", "a whole number >= 0", Unit::count);

    static final Unit<Integer> PORT = new Unit<>("port", "0..65535", Unit::port);

    static final Unit<Double> FRACTION = new Unit<>("fraction", "0..1, as in 0.5", Unit::fraction);

    static final Unit<Boolean> FLAG = new Unit<>("yes or no", "true or false", Unit::flag);

    static final Unit<String> TEXT = new Unit<>("text", "any text", String::strip);

    static final Unit<String> NAME =
            new Unit<>("name", "letters, digits and - _ . up to 64", Unit::named);

    static final Unit<List<String>> ADDRESSES =
            new Unit<>("addresses", "host:port or srv:_name, more after commas", Unit::addresses);

    /** Bytes, or nothing said: then it follows from something else. */
    static final Unit<Optional<Integer>> BYTES_OR_AUTO =
            new Unit<>("bytes", "auto, 1024, 64KiB, 16MiB or 1GiB", Unit::bytesOrAuto);

    /** The same, and more than two thousand million of them. */
    static final Unit<Optional<Long>> LONG_OR_AUTO =
            new Unit<>("bytes", "auto, 256MiB or 10GiB", Unit::longOrAuto);

    /** As many as can be counted. */
    static final Unit<Long> MANY_BYTES = new Unit<>("bytes", "0, 256MiB or 10GiB", Unit::longBytes);

    /** A file of a journal. */
    static final Unit<Integer> SEGMENT = new Unit<>("bytes", "2MiB to 1GiB", Unit::segment);

    /** What one end of a tunnel takes before anybody does. */
    static final Unit<Integer> WINDOW = new Unit<>("bytes", "16KiB to 4MiB", Unit::window);

    /** Whom a service goes on without. */
    static final Unit<RestartRule.Need> NEED =
            new Unit<>(
                    "servers",
                    "all, safe or any",
                    text -> RestartRule.Need.valueOf(text.strip().toUpperCase(Locale.ROOT)));

    /** Sixty-four bits, or nothing said: then it is a random one. */
    static final Unit<Optional<Long>> ID =
            new Unit<>("id", "random, or up to 16 hexadecimal digits", Unit::id);

    /** What others must prove, or nothing said: then the strongest that is set. */
    static final Unit<Optional<Demand>> DEMAND =
            new Unit<>("credential", "auto, open, secret or certificate", Unit::demand);

    /** Which kind of client, or nothing said: then what its certificate says. */
    static final Unit<Optional<Role>> ROLE =
            new Unit<>("role", "auto, client, operator or read-only", Unit::role);

    private static Optional<Role> role(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        if (name.equals("auto")) {
            return Optional.empty();
        }
        Role role = Role.parse(name).orElseThrow(() -> new IllegalArgumentException(text));
        if (role == Role.SERVER) {
            throw new IllegalArgumentException(text); // who serves is one, nobody else
        }
        return Optional.of(role);
    }

    private static Optional<Demand> demand(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        return name.equals("AUTO") ? Optional.empty() : Optional.of(Demand.valueOf(name));
    }

    private static int bytes(String text) {
        return Math.toIntExact(longBytes(text));
    }

    private static int segment(String text) {
        int bytes = bytes(text);
        if (bytes < SEGMENT_BYTES_MIN || bytes > SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException(text);
        }
        return bytes;
    }

    private static int window(String text) {
        int bytes = bytes(text);
        if (bytes < WINDOW_BYTES_MIN || bytes > WINDOW_BYTES_MAX) {
            throw new IllegalArgumentException(text);
        }
        return bytes;
    }

    private static Optional<Long> longOrAuto(String text) {
        return text.strip().equalsIgnoreCase("auto")
                ? Optional.empty()
                : Optional.of(longBytes(text));
    }

    private static long longBytes(String text) {
        Matcher parts = parts(text);
        long factor =
                switch (parts.group(2).toLowerCase(Locale.ROOT)) {
                    case "", "b" -> 1;
                    case "kib", "k" -> 1L << 10;
                    case "mib", "m" -> 1L << 20;
                    case "gib", "g" -> 1L << 30;
                    default -> throw new IllegalArgumentException(text);
                };
        return Math.multiplyExact(Long.parseLong(parts.group(1)), factor);
    }

    private static Optional<Integer> bytesOrAuto(String text) {
        return text.strip().equalsIgnoreCase("auto") ? Optional.empty() : Optional.of(bytes(text));
    }

    private static Duration duration(String text) {
        Matcher parts = parts(text);
        long amount = Long.parseLong(parts.group(1));
        ChronoUnit unit =
                switch (parts.group(2).toLowerCase(Locale.ROOT)) {
                    case "us" -> ChronoUnit.MICROS;
                    case "ms" -> ChronoUnit.MILLIS;
                    case "s" -> ChronoUnit.SECONDS;
                    case "min", "m" -> ChronoUnit.MINUTES;
                    case "h" -> ChronoUnit.HOURS;
                    case "d" -> ChronoUnit.DAYS;
                    default -> throw new IllegalArgumentException(text);
                };
        return amount > DAYS_MOST && unit.compareTo(ChronoUnit.SECONDS) > 0
                ? Duration.ofDays(DAYS_MOST)
                : Duration.of(amount, unit);
    }

    private static Matcher parts(String text) {
        Matcher parts = NUMBER_WITH_UNIT.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        return parts;
    }

    private static int count(String text) {
        return atLeast(0, Integer.parseInt(text.strip()));
    }

    private static int port(String text) {
        int port = count(text);
        if (port > 65_535) {
            throw new IllegalArgumentException(text);
        }
        return port;
    }

    private static int atLeast(int least, int number) {
        if (number < least) {
            throw new IllegalArgumentException(Integer.toString(number));
        }
        return number;
    }

    private static double fraction(String text) {
        double fraction = Double.parseDouble(text.strip());
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return fraction;
    }

    private static boolean flag(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String named(String text) {
        String name = text.strip();
        if (!name.matches("[A-Za-z0-9_.-]{0,64}")) {
            throw new IllegalArgumentException(text);
        }
        return name;
    }

    /** A name of SRV records, and who is asked for them where that is not the system's server. */
    private static final String RECORDS =
            "[A-Za-z0-9_.-]{1,253}(@[A-Za-z0-9_.:\\[\\]-]+:[0-9]{1,5})?";

    private static List<String> addresses(String text) {
        List<String> addresses =
                Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(address -> !address.isEmpty())
                        .toList();
        for (String address : addresses) {
            int colon = address.lastIndexOf(':');
            boolean isOfRecords = address.startsWith("srv:_");
            if (isOfRecords && !address.matches("srv:" + RECORDS)) {
                throw new IllegalArgumentException(address);
            }
            boolean hasPort = !isOfRecords || address.contains("@");
            if (hasPort && (colon < 1 || atLeast(1, port(address.substring(colon + 1))) == 0)) {
                throw new IllegalArgumentException(address);
            }
        }
        return addresses;
    }

    private static Optional<Long> id(String text) {
        String id = text.strip();
        if (id.equalsIgnoreCase("random")) {
            return Optional.empty();
        }
        if (!id.matches("[0-9A-Fa-f]{1,16}")) {
            throw new IllegalArgumentException(text);
        }
        return Optional.of(Long.parseUnsignedLong(id, 16));
    }
}
