package io.tuli.node;

import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.RequestId;
import io.tuli.Verbs;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a stranger may send, by kind: each under a name that says what is odd about it. All is legal
 * Java; what of it is a legal request is for the members to say.
 */
final class Odd {

    private static final String HIGH = "\uD83E";
    private static final String LOW = "\uDD86";
    private static final String WIDE = "\u2603";

    private Odd() {}

    /** Something odd, with a name to be printed. */
    record Named<T>(String name, T it) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static <T> Named<T> named(String name, T it) {
        return new Named<>(name, it);
    }

    // ---- verbs ---------------------------------------------------------------------------------

    static List<Named<String>> verbs() {
        List<Named<String>> verbs = new ArrayList<>();
        Verbs.BUILT_IN.stream().sorted().forEach(verb -> verbs.add(named(verb, verb)));
        verbs.add(named("UPDATE", "UPDATE"));
        verbs.add(named("unknown", "no such verb"));
        verbs.add(named("blank", " "));
        verbs.add(named("reserved", "$read"));
        verbs.add(named("line break", "update\n"));
        verbs.add(named("NUL", "\u0000"));
        verbs.add(named("half", "x" + HIGH));
        verbs.add(named("255 bytes", "v".repeat(255)));
        verbs.add(named("256 bytes", "\u00fc".repeat(128)));
        verbs.add(named("257 bytes", "v".repeat(257)));
        verbs.add(named("258 bytes", WIDE.repeat(86)));
        return verbs;
    }

    // ---- keys ----------------------------------------------------------------------------------

    /** Keys made of a top-level key that is nobody else's; some throw instead. */
    static List<Named<UnaryOperator<Message>>> keys(String top) {
        List<Named<UnaryOperator<Message>>> keys = new ArrayList<>();
        text(keys, "plain", top);
        text(keys, "field", top + ".a");
        text(keys, "deep", top + ".a.b.c");
        text(keys, "index", top + ".l.0");
        text(keys, "index beyond", top + ".l.2147483648");
        text(keys, "index below", top + ".l.-1");
        text(keys, "empty part", top + "..a");
        text(keys, "ends with a dot", top + ".");
        text(keys, "begins with a dot", "." + top);
        text(keys, "ends with a backslash", top + "\\");
        text(keys, "escaped", top + ".a\\.b\\\\");
        text(keys, "half", top + HIGH);
        text(keys, "half in a field", top + "." + LOW + HIGH);
        text(keys, "NUL", top + ".\u0000");
        text(keys, "escape sequence", top + ".\u001b[31m");
        text(keys, "4,096 bytes", top + "." + "k".repeat(4_095 - top.length()));
        text(keys, "4,097 bytes", top + "." + "k".repeat(4_096 - top.length()));
        text(keys, "wide beyond", top + "." + WIDE.repeat(1_400));
        text(keys, "65,537 bytes", top + "." + "k".repeat(65_536));
        text(keys, "63 deep", top + ".a".repeat(63));
        text(keys, "64 deep", top + ".a".repeat(64));
        text(keys, "65 deep", top + ".a".repeat(65));
        text(keys, "2,001 deep", top + ".a".repeat(2_001));
        keys.add(named("none", message -> message.key(Key.NONE)));
        keys.add(named("said with a dot", message -> message.key(Key.of(top, "a.b", "."))));
        keys.add(named("a field without a name", message -> message.key(Key.of(top, ""))));
        return keys;
    }

    private static void text(List<Named<UnaryOperator<Message>>> keys, String name, String text) {
        keys.add(named(name, message -> message.key(text)));
    }

    // ---- bodies --------------------------------------------------------------------------------

    /** Bodies; what is long is made when it is asked for. */
    static List<Named<Supplier<@Nullable Object>>> bodies() {
        List<Named<Supplier<@Nullable Object>>> bodies = new ArrayList<>();
        values(bodies);
        numbers(bodies);
        objects(bodies);
        shapesOfSet(bodies);
        texts(bodies);
        depths(bodies);
        notEvenJson(bodies);
        return bodies;
    }

    /** Those that take long to make, to send or to look at. */
    static List<Named<Supplier<@Nullable Object>>> heavyBodies() {
        List<Named<Supplier<@Nullable Object>>> bodies = new ArrayList<>();
        body(bodies, "1 MiB of text", () -> "x".repeat((1 << 20) - 300));
        body(bodies, "more than 1 MiB", () -> "x".repeat(1 << 20));
        body(bodies, "3 MiB that are wide", () -> WIDE.repeat(1 << 20));
        body(bodies, "100,000 fields", () -> Payload.json(fields(100_000)));
        body(bodies, "300,000 fields", () -> Payload.json(fields(300_000)));
        body(bodies, "100,000 elements", () -> Collections.nCopies(100_000, 7));
        body(bodies, "4,096 names of one hash", Odd::namesOfOneHash);
        body(bodies, "one name 5,000 times", () -> Payload.json(oneName(5_000)));
        body(bodies, "100,000 deep", () -> json("[".repeat(100_000) + "]".repeat(100_000)));
        body(bodies, "opaque, more than 1 MiB", () -> new byte[(1 << 20) + 1]);
        return bodies;
    }

    private static void body(
            List<Named<Supplier<@Nullable Object>>> bodies,
            String name,
            Supplier<@Nullable Object> body) {
        bodies.add(named(name, body));
    }

    private static void values(List<Named<Supplier<@Nullable Object>>> bodies) {
        body(bodies, "nothing", () -> null);
        body(bodies, "null", () -> Payload.NULL);
        body(bodies, "no payload", () -> Payload.NONE);
        body(bodies, "true", () -> true);
        body(bodies, "text", () -> "text");
        body(bodies, "an empty text", () -> "");
        body(bodies, "bytes", () -> new byte[] {1, -1});
        body(bodies, "no bytes", () -> Payload.opaque(new byte[0]));
        body(bodies, "a list", () -> List.of(1, "b", List.of()));
        body(bodies, "a list of null", () -> Collections.singletonList(null));
        body(bodies, "an instant", () -> Instant.EPOCH);
        body(bodies, "empty", Optional::empty);
        body(bodies, "a class", () -> Odd.class);
        body(bodies, "a thread", Thread::currentThread);
        body(bodies, "a lambda", () -> (Runnable) () -> {});
        body(bodies, "an object", Object::new);
        body(bodies, "a list within itself", Odd::listWithinItself);
        body(bodies, "a map within itself", Odd::mapWithinItself);
    }

    private static void numbers(List<Named<Supplier<@Nullable Object>>> bodies) {
        body(bodies, "1", () -> 1);
        body(bodies, "-0.0", () -> -0.0);
        body(bodies, "Long.MAX", () -> Long.MAX_VALUE);
        body(bodies, "Long.MIN", () -> Long.MIN_VALUE);
        body(bodies, "Long.MAX + 1", () -> json("9223372036854775808"));
        body(bodies, "a fraction", () -> 0.1f);
        body(bodies, "NaN", () -> Double.NaN);
        body(bodies, "Infinity", () -> List.of(Double.POSITIVE_INFINITY));
        body(bodies, "-Infinity", () -> Map.of("n", Float.NEGATIVE_INFINITY));
        body(bodies, "1e400", () -> new BigDecimal("1e400"));
        body(bodies, "1e9999", () -> json("1e9999"));
        body(bodies, "1e10000", () -> json("[1e10000]"));
        body(bodies, "1e99999999999", () -> json("{\"n\":1e99999999999}"));
        body(bodies, "1e-99999999999", () -> json("-1e-99999999999"));
        body(bodies, "1e2147483647", () -> new BigDecimal(BigInteger.ONE, -Integer.MAX_VALUE));
        body(bodies, "10,000 digits", () -> json("9".repeat(10_000)));
        body(bodies, "10,001 digits", () -> json("9".repeat(10_001)));
        body(bodies, "2^40000", () -> BigInteger.TWO.pow(40_000));
        body(bodies, "0x10", () -> json("0x10"));
        body(bodies, "01", () -> json("01"));
    }

    private static void objects(List<Named<Supplier<@Nullable Object>>> bodies) {
        body(bodies, "{}", Map::of);
        body(bodies, "a field", () -> Map.of("a", 1));
        body(bodies, "fields", () -> json("{\"a\":{\"b\":[1]},\"l\":[1,2],\"0\":null}"));
        body(bodies, "an empty name", () -> Map.of("", 1));
        body(bodies, "an empty name within", () -> Map.of("a", Map.of("", Map.of("", 1))));
        body(bodies, "a name of null", () -> Collections.singletonMap(null, 1));
        body(bodies, "half a name", () -> Map.of(HIGH, 1));
        body(bodies, "half a name, escaped", () -> json("{\"\\ud83e\":1}"));
        body(bodies, "a name twice", () -> json("{\"a\":1,\"\\u0061\":2}"));
        body(bodies, "names with dots", () -> Map.of("a.b", 1, "..", 2, "\\", 3));
        body(bodies, "a name of NUL", () -> Map.of("\u0000", 1));
        body(bodies, "__proto__", () -> Map.of("__proto__", Map.of("@class", "x")));
        body(bodies, "a name of 4,096 bytes", () -> Map.of("n".repeat(4_096), 1));
        body(bodies, "a name of 70,000 bytes", () -> Map.of("n".repeat(70_000), 1));
        body(bodies, "numbers as names", () -> Map.of("0", 1, "1", 2, "-1", 3, "01", 4));
    }

    private static void shapesOfSet(List<Named<Supplier<@Nullable Object>>> bodies) {
        for (Named<String> verb : verbs()) {
            body(
                    bodies,
                    "set by " + verb,
                    () -> Map.of("verb", verb.it(), "value", Map.of("a", 1)));
        }
        body(bodies, "set by a number", () -> Map.of("verb", 7, "value", 1));
        body(bodies, "set without a value", () -> Map.of("verb", "update"));
        body(bodies, "set by NaN", () -> Map.of("verb", "increment", "value", "NaN"));
    }

    private static void texts(List<Named<Supplier<@Nullable Object>>> bodies) {
        body(bodies, "half a surrogate", () -> HIGH);
        body(bodies, "the other half", () -> List.of(LOW + "x"));
        body(bodies, "half, escaped", () -> json("\"\\ud83e\""));
        body(bodies, "a pair", () -> HIGH + LOW);
        body(bodies, "NUL", () -> "\u0000");
        body(bodies, "escape sequence", () -> "\u001b]0;x\u0007");
    }

    private static void depths(List<Named<Supplier<@Nullable Object>>> bodies) {
        for (int depth : new int[] {63, 64, 65, 500, 1_001, 2_001}) {
            body(bodies, depth + " lists", () -> json("[".repeat(depth) + "]".repeat(depth)));
            body(bodies, depth + " objects", () -> objects(depth));
        }
        body(bodies, "2,001 lists, as lists", () -> nested(2_001));
    }

    private static void notEvenJson(List<Named<Supplier<@Nullable Object>>> bodies) {
        for (String text :
                List.of(
                        "", " ", "{", "[1,", "[1,]", "1 2", "nul", "NaN", "'a'", "{a:1}",
                        "\uFEFF1")) {
            body(bodies, "no JSON: " + text, () -> json(text));
        }
        body(bodies, "JSON with a comment", () -> json("/* */ 1"));
        body(bodies, "JSON with spaces", () -> json(" \n { \"a\" :\t1 } "));
        body(bodies, "a raw line break", () -> json("\"\n\""));
        body(bodies, "an unknown escape", () -> json("\"\\x\""));
        body(bodies, "no UTF-8", () -> raw('"', 0xff, '"'));
        body(bodies, "overlong UTF-8", () -> raw('"', 0xc0, 0x80, '"'));
        body(bodies, "half in UTF-8", () -> raw('"', 0xed, 0xa0, 0xbe, '"'));
        body(bodies, "UTF-8 cut off", () -> raw('"', 0xe2, 0x98));
    }

    private static Payload json(String text) {
        return Payload.json(text);
    }

    private static Payload raw(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return Payload.of(Format.JSON, bytes);
    }

    private static Payload objects(int depth) {
        return json("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
    }

    private static List<Object> nested(int depth) {
        List<Object> list = List.of();
        for (int i = 1; i < depth; i++) {
            list = List.of(list);
        }
        return list;
    }

    private static Object listWithinItself() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    private static Object mapWithinItself() {
        Map<String, Object> map = new HashMap<>();
        map.put("a", map);
        return map;
    }

    private static String fields(int count) {
        StringBuilder fields = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            fields.append(i == 0 ? "\"" : ",\"").append(Integer.toString(i, 36)).append("\":1");
        }
        return fields.append("}").toString();
    }

    private static String oneName(int times) {
        String[] fields = new String[times];
        Arrays.fill(fields, "\"a\":1");
        return "{" + String.join(",", fields) + "}";
    }

    /** Texts of "Aa" and "BB", whose hash codes are equal. */
    private static Object namesOfOneHash() {
        Map<String, Object> names = new LinkedHashMap<>();
        for (int i = 0; i < 4_096; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.put(name.toString(), i);
        }
        return names;
    }

    // ---- ids, headers, deadlines, copies -------------------------------------------------------

    static List<Named<UnaryOperator<Message>>> ids(String unique) {
        return List.of(
                named("own id", message -> message.id(unique)),
                named("empty id", message -> message.id(unique).id(RequestId.NONE)),
                named("half an id", message -> message.id(unique + HIGH)),
                named("long id", message -> message.id(unique.repeat(10_000))),
                named("negative id", message -> message.id(new RequestId(-1, unique.hashCode()))),
                named("largest id", message -> message.id(largest(unique))));
    }

    private static RequestId largest(String unique) {
        return new RequestId(Long.MAX_VALUE - unique.hashCode(), Long.MAX_VALUE);
    }

    static List<Named<UnaryOperator<Message>>> headers() {
        return List.of(
                named("a header", message -> message.header("a", "b")),
                named("an empty header", message -> message.header("", "")),
                named("half a header", message -> message.header("a", HIGH)),
                named("half a header's name", message -> message.header(LOW, "b")),
                named("a wide header", message -> message.header("a", WIDE.repeat(10_000))),
                named("a long header", message -> message.header("n".repeat(70_000), "b")),
                named("too long a header", message -> message.header("a", "b".repeat(1 << 20))),
                named("1,000 headers", Odd::manyHeaders));
    }

    private static Message manyHeaders(Message message) {
        Message more = message;
        for (int i = 0; i < 1_000; i++) {
            more = more.header("h" + i, "");
        }
        return more;
    }

    /** Terms under which the outcome of a call is known. */
    static List<Named<UnaryOperator<Message>>> terms() {
        return List.of(
                named("owner", message -> message.commit(Commit.owner())),
                named("three copies", message -> message.commit(Commit.copies(3))),
                named("300 years", message -> message.within(Duration.ofDays(365 * 300))),
                named("for ever", message -> message.within(Duration.ofSeconds(Long.MAX_VALUE))),
                named("no time", message -> message.within(Duration.ZERO)),
                named("negative time", message -> message.within(Duration.ofNanos(-1))),
                named("no copies", message -> message.commit(new Commit(0))),
                named("-1 copies", message -> message.commit(Commit.copies(-1))),
                named("128 copies", message -> message.commit(Commit.copies(128))),
                named("no disks", message -> message.commit(Commit.disks(0))),
                named("a disk of what is in memory", message -> message.commit(Commit.disks(1))),
                named("both", message -> message.commit(new Commit(1, 1))));
    }

    /** Terms under which a call may end without anybody knowing what became of it. */
    static List<Named<UnaryOperator<Message>>> unsureTerms() {
        return List.of(
                named("1 ns", message -> message.within(Duration.ofNanos(1))),
                named("2 ms", message -> message.within(Duration.ofMillis(2))),
                named("at most once", message -> message.atMostOnce()),
                named(
                        "120 copies",
                        message ->
                                message.commit(Commit.copies(120)).within(Duration.ofMillis(200))));
    }
}
