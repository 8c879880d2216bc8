package io.tuli.hostile;

import io.tuli.Limits;
import io.tuli.Payload;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Bodies of requests: of any shape, at the limits and beyond, well-formed or not. One thread. */
final class OddBodies {

    private static final int NUMBER_CHARS_MAX = 10_000;
    private static final int FIELDS_MANY = 2_000;
    private static final int TWINS_BITS_MOST = 9;

    private final SplittableRandom random;
    private final Limits limits;
    private final OddTexts texts;

    OddBodies(SplittableRandom random, Limits limits, OddTexts texts) {
        this.random = random;
        this.limits = limits;
        this.texts = texts;
    }

    /** A value, or a payload that says it is JSON. */
    @Nullable Object next() {
        return switch (random.nextInt(24)) {
            case 0 -> number();
            case 1 -> deep();
            case 2 ->
                    json(
                            texts.any(
                                    "{\"a\":1,\"a\":2}",
                                    "{\"\\u0061\":1,\"a\":2}",
                                    "{\"n\":1,\"n\":1}"));
            case 3 -> json(twins());
            case 4 -> json(fields(random.nextInt(FIELDS_MANY)));
            case 5 ->
                    json(
                            texts.any(
                                    "{\"\":1}",
                                    "{\"\\ud800\":1}",
                                    "\"\\ud800\"",
                                    "{\"\":{\"\":1}}"));
            case 6 -> texts.name();
            case 7 -> unreal();
            case 8 -> bytes();
            case 9 ->
                    json(
                            texts.any(
                                    "",
                                    " ",
                                    "{",
                                    "[1,]",
                                    "nul",
                                    "{\"a\"}",
                                    "1 2",
                                    "\"\u0001\"",
                                    "'a'"));
            case 10, 11, 12 -> change();
            case 13 -> random.nextInt(8) == 0 ? large() : null;
            default -> plain();
        };
    }

    private Object plain() {
        return json(
                texts.any(
                        "1",
                        "-1",
                        "\"x\"",
                        "true",
                        "[]",
                        "[1]",
                        "[[1],2]",
                        "{}",
                        "{\"a\":{\"b\":1}}",
                        "{\"n\":2,\"name\":\"x\"}",
                        "{\"a\":null}",
                        "{\"name\":\"fragile\"}",
                        "null"));
    }

    private Object number() {
        String digits = "7".repeat(NUMBER_CHARS_MAX + random.nextInt(-1, 2));
        return json(
                texts.any(
                        digits,
                        "0." + digits,
                        "1e9999",
                        "1e-9999",
                        "1e10000",
                        "-1e99999999999",
                        "9223372036854775807",
                        "-9223372036854775808",
                        "9223372036854775808",
                        "1.0",
                        "1e0",
                        "-0",
                        "NaN",
                        "-Infinity",
                        "01",
                        ".5",
                        "0x10"));
    }

    /** What JSON has not, or what no codec can write. */
    private Object unreal() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.NaN;
            case 1 -> List.of(1, Float.NEGATIVE_INFINITY);
            case 2 -> Map.of("a", Double.POSITIVE_INFINITY);
            case 3 -> new BigDecimal("1e100000");
            case 4 -> Mischief.itself();
            default -> new Mischief.Trap();
        };
    }

    private Object bytes() {
        byte[] bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? bytes : Payload.of(Payload.Format.JSON, bytes);
    }

    private Object deep() {
        int depth = Math.max(1, limits.documentDepth() + random.nextInt(-2, 3));
        return json(
                random.nextBoolean()
                        ? "[".repeat(depth) + "]".repeat(depth)
                        : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
    }

    /** A change sent as a message, and what looks like one. */
    private Object change() {
        String verb =
                texts.any("update", "remove", "push", "patch", "set", "increment", "add", "-", "");
        String value = texts.any("1", "[]", "{\"\":1}", "\"x\"", "null", "1e9999", "{\"a\":[]}");
        return json(
                texts.any(
                        "{\"verb\":\"" + verb + "\",\"value\":" + value + "}",
                        "{\"verb\":\"" + verb + "\"}",
                        "{\"value\":" + value + "}",
                        "{\"verb\":[],\"value\":" + value + "}",
                        "{\"\":" + value + "}",
                        "[]"));
    }

    private static String fields(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"f" + i + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** An object all of whose names have one hash code. */
    private String twins() {
        int bits = random.nextInt(1, TWINS_BITS_MOST + 1);
        return LongStream.range(0, 1L << bits)
                .mapToObj(i -> "\"" + twin(i, bits) + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String twin(long number, int bits) {
        return IntStream.range(0, bits)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }

    private Object large() {
        return texts.about("x", limits.messageBytes() - random.nextInt(40));
    }

    private static Payload json(String text) {
        return Payload.json(text);
    }
}
