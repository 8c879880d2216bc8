package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.TuliException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FE-07")
class JsonCodecTest {
    private final JsonCodec codec = new JsonCodec(Limits.defaults());

    record Flight(String route, int delay, @Nullable Instant at, List<Integer> seats) {}

    record Times(
            Instant instant,
            LocalDate date,
            Duration duration,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Optional<String> none) {}

    enum Colour {
        RED {
            @Override
            public String toString() {
                return "rouge";
            }
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    record ByClass(int a) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    static final class Bean {
        public final int zeta = 1;
        public final int alpha = 2;
    }

    static final class Broken {
        public int getBroken() {
            return Integer.parseInt("no such luck");
        }
    }

    @Test
    void plainValuesSurvive() {
        List<@Nullable Object> values =
                Arrays.asList(
                        "",
                        "ä😀\0\"\\",
                        "\ud800",
                        "a\udc00b",
                        true,
                        false,
                        null,
                        0,
                        -7,
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        new BigInteger("12345678901234567890"),
                        1.5,
                        -0.0,
                        1e-7,
                        new BigDecimal("1.10"),
                        List.of(),
                        Map.of(),
                        Map.of("", List.of(Map.of("a", ""))));

        for (Object value : values) {
            Payload payload = codec.encode(value);
            assertThat(codec.decode(payload, Object.class)).isEqualTo(value);
            assertThat(codec.encode(List.of(payload(value))))
                    .isEqualTo(Payload.json("[" + payload + "]"));
        }
    }

    private Object payload(@Nullable Object value) {
        return value == null ? Optional.empty() : value;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.10", "1e400", "12345678901234567890", "0.1", "-0", "1E-7", "100.0", "7"})
    void numbersGivenAsTextKeepTheirText(String number) {
        assertThat(codec.parseText(number)).hasToString(number);
        assertThat(codec.encode(Payload.json("[" + number + "]"))).hasToString("[" + number + "]");
        assertThat(codec.decode(codec.parseText(number), BigDecimal.class))
                .isEqualByComparingTo(new BigDecimal(number));
    }

    @Test
    void fractionIsADoubleWhereNothingIsLost() {
        assertThat(codec.decode(Payload.json("[1.5,1.10,1e400]"), Object.class))
                .isEqualTo(List.of(1.5, new BigDecimal("1.10"), new BigDecimal("1e400")));
    }

    @Test
    void recordIsWrittenInComponentOrderAndReadBack() {
        Flight flight =
                new Flight("LAX-JFK", 17, Instant.parse("2026-01-02T03:04:05Z"), List.of(1));

        Payload payload = codec.encode(flight);

        assertThat(payload)
                .hasToString(
                        "{\"route\":\"LAX-JFK\",\"delay\":17,"
                                + "\"at\":\"2026-01-02T03:04:05Z\",\"seats\":[1]}");
        assertThat(codec.decode(payload, Flight.class)).isEqualTo(flight);
    }

    @Test
    void unknownFieldsAreIgnoredAndMissingOnesEmpty() {
        Payload payload =
                Payload.json("{\"route\":\"A\",\"@class\":\"java.lang.Runtime\",\"x\":{}}");

        assertThat(codec.decode(payload, Flight.class)).isEqualTo(new Flight("A", 0, null, null));
    }

    @Test
    void beanIsWrittenByName() {
        assertThat(codec.encode(new Bean())).hasToString("{\"alpha\":2,\"zeta\":1}");
    }

    @Test
    void timesSurviveInAnyLocaleAndZone() {
        Times times =
                new Times(
                        Instant.parse("2026-01-02T03:04:05.000000006Z"),
                        LocalDate.of(2026, 2, 3),
                        Duration.ofMillis(90_061_001),
                        OffsetDateTime.parse("2026-01-02T03:04:05+05:30"),
                        ZonedDateTime.parse("2026-01-02T03:04:05+01:00[Europe/Rome]"),
                        Optional.empty());
        Payload here = codec.encode(times);

        assertThat(codec.decode(here, Times.class)).isEqualTo(times);
        assertThat(elsewhere(() -> new JsonCodec(Limits.defaults()).encode(times))).isEqualTo(here);
    }

    @Test
    void mapsWithAnOrderKeepIt() {
        Map<String, Integer> given = new LinkedHashMap<>();
        given.put("z", 1);
        given.put("a", 2);

        assertThat(codec.encode(given)).hasToString("{\"z\":1,\"a\":2}");
        assertThat(codec.encode(new TreeMap<>(given))).hasToString("{\"a\":2,\"z\":1}");
    }

    @Test
    void mapsAndSetsWithoutAnOrderAreSorted() {
        assertThat(codec.encode(Map.of("b", 1, "c", Map.of(10, 1, 9, 2), "a", 3)))
                .hasToString("{\"a\":3,\"b\":1,\"c\":{\"9\":2,\"10\":1}}");
        assertThat(codec.encode(new HashMap<>(Map.of("FB", 1, "Ea", 2))))
                .hasToString("{\"Ea\":2,\"FB\":1}");
        assertThat(codec.encode(Set.of("c", "a", "b"))).hasToString("[\"a\",\"b\",\"c\"]");
        assertThat(codec.encode(Set.of(10, 9))).hasToString("[9,10]");
    }

    @Test
    void enumIsItsName() {
        assertThat(codec.encode(Colour.RED)).hasToString("\"RED\"");
        assertThat(codec.decode(Payload.json("\"RED\""), Colour.class)).isEqualTo(Colour.RED);
    }

    @Test
    void bytesAreOpaque() {
        byte[] bytes = {1, 2, 3};

        Payload payload = codec.encode(bytes);
        bytes[0] = 9;

        assertThat(payload.format()).isEqualTo(Payload.Format.OPAQUE);
        assertThat(codec.decode(payload, byte[].class)).containsExactly(1, 2, 3);
        assertThat(codec.decode(payload, Object.class)).isEqualTo(new byte[] {1, 2, 3});
        refused(() -> codec.decode(payload, Flight.class), Failure.BAD_REQUEST, "opaque bytes");
    }

    @Test
    void nothingAndNullAreNull() {
        assertThat(codec.decode(Payload.NONE, Flight.class)).isNull();
        assertThat(codec.decode(Payload.NULL, Flight.class)).isNull();
        assertThat(codec.decode(Payload.json("3"), int.class)).isEqualTo(3);
    }

    @Test
    void notANumberIsRefused() {
        List<Object> bad =
                List.of(
                        Double.NaN,
                        Float.NEGATIVE_INFINITY,
                        new double[] {1, Double.POSITIVE_INFINITY},
                        Map.of("a", List.of(Double.NaN)));

        for (Object value : bad) {
            refused(() -> codec.encode(value), Failure.BAD_REQUEST, "JSON has no NaN");
        }
        refused(() -> codec.encode(Double.NEGATIVE_INFINITY), Failure.BAD_REQUEST, "=-Infinity");
    }

    @Test
    void nestingBeyondTheLimitIsRefused() {
        String limit = "[".repeat(64) + "]".repeat(64);
        String beyond = "[" + limit + "]";

        assertThat(codec.parseText(limit)).hasToString(limit);
        assertThat(codec.encode(nested(64))).hasToString(limit);
        refused(() -> codec.parseText(beyond), Failure.TOO_LARGE, "document.depth=64");
        refused(() -> codec.encode(nested(65)), Failure.TOO_LARGE, "document.depth=64");
        refused(() -> codec.encode(nested(5_000)), Failure.TOO_LARGE, "document.depth=64");
        refused(() -> codec.encode(Payload.json(beyond)), Failure.TOO_LARGE, "document.depth=64");
    }

    @Test
    void nestingByKeyCountsToo() {
        Key key = Key.parse("k" + ".a".repeat(60));
        Key deep = Key.parse("k" + ".a".repeat(2_001));

        codec.requireValid(key, Payload.json("[[[[\"[\"]]]]"));

        List.of(Payload.json("[[[[[]]]]]"))
                .forEach(
                        payload ->
                                refused(
                                        () -> codec.requireValid(key, payload),
                                        Failure.TOO_LARGE,
                                        "document.depth=64"));
        List.of(Payload.NONE, Payload.NULL, Payload.opaque(new byte[1]))
                .forEach(
                        payload ->
                                refused(
                                        () -> codec.requireValid(deep, payload),
                                        Failure.TOO_LARGE,
                                        "document.depth=64"));
    }

    record Nothing() {}

    record Holder(Object held) {}

    static final class Session {
        private final String user;

        Session(String user) {
            this.user = user;
        }
    }

    static final class Furious {
        public int getBroken() {
            assertThat(1).as("never").isEqualTo(2); // an Error
            return 1;
        }
    }

    @Test
    void whatSaysNothingOfItselfIsRefusedByName() {
        List<Object> bad =
                List.of(
                        new Session("ada"),
                        new Object(),
                        new java.io.ByteArrayInputStream(new byte[1]),
                        new java.util.concurrent.CompletableFuture<>(),
                        new java.util.BitSet(),
                        Thread.currentThread());

        for (Object value : bad) {
            String name = value.getClass().getTypeName();
            refused(() -> codec.encode(value), Failure.BAD_REQUEST, name);
            refused(() -> codec.encode(List.of(value)), Failure.BAD_REQUEST, name);
            refused(() -> codec.encode(new Holder(value)), Failure.BAD_REQUEST, name);
        }
        Runnable lambda = () -> {};
        refused(() -> codec.encode(lambda), Failure.BAD_REQUEST, "Lambda");
        refused(() -> codec.encode(new Furious()), Failure.BAD_REQUEST, "never");
        assertThat(new Session("ada").user).isEqualTo("ada");
    }

    @Test
    void whatHasNothingToSayIsWritten() {
        assertThat(codec.encode(new Nothing())).hasToString("{}");
        assertThat(codec.encode(new Holder(new Nothing()))).hasToString("{\"held\":{}}");
        assertThat(codec.decode(codec.encode(new Nothing()), Nothing.class))
                .isEqualTo(new Nothing());
        assertThat(codec.encode(Map.of())).hasToString("{}");
        assertThat(codec.encode(java.util.stream.Stream.of(1, 2))).hasToString("[1,2]");
    }

    @Test
    void circleIsRefused() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        refused(() -> codec.encode(circle), Failure.TOO_LARGE, "nest");
    }

    @Test
    void textThatIsNotJsonIsText() {
        for (String text :
                List.of("Turin", "", " ", "NaN", "01", "\ud800", "a@b.org", "2026-01-02")) {
            assertThat(codec.decode(codec.parseText(text), Object.class)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":",
                "{a:1}",
                "[1,]",
                "\"Turin",
                " {",
                "[",
                "{\"a\":1,\"a\":2}",
                "1e99999"
            })
    void textThatBeginsLikeJsonAndIsNoneIsRefused(String text) {
        refused(() -> codec.parseText(text), Failure.BAD_REQUEST, ": ");
    }

    @Test
    void jsonTextLosesItsWhiteSpaceAndNothingElse() {
        assertThat(codec.parseText(" { \"a\" : [ 1.10 , \" x \" ] }\n"))
                .hasToString("{\"a\":[1.10,\" x \"]}");
        assertThat(codec.decode(codec.parseText("[\"\ud800\"]"), Object.class))
                .isEqualTo(List.of("\ud800"));
    }

    @Test
    void payloadStaysItselfIfItIsJson() {
        Payload payload = Payload.json("{\"a\":1}");

        assertThat(codec.encode(payload)).isSameAs(payload);
        assertThat(codec.decode(payload, Payload.class)).isSameAs(payload);
        refused(() -> codec.encode(Payload.json("{a}")), Failure.BAD_REQUEST, "offset=1");
    }

    record Envelope(String to, Payload letter) {}

    @Test
    void payloadInsideOfAValueIsTheJsonItIs() {
        Payload letter = Payload.json("{\"n\":1.10,\"x\":[1e400,null]}");
        Envelope envelope = new Envelope("a", letter);

        assertThat(codec.encode(envelope)).hasToString("{\"to\":\"a\",\"letter\":" + letter + "}");
        assertThat(codec.decode(Payload.json("{\"letter\":[1.10,\"x\"]}"), Envelope.class))
                .isEqualTo(new Envelope(null, Payload.json("[1.10,\"x\"]")));
        assertThat(codec.encode(List.of(Payload.NONE, Payload.NULL, Payload.opaque(new byte[3]))))
                .hasToString("[null,null,\"AAAA\"]");
        refused(
                () -> codec.encode(List.of(Payload.json("1,2"))),
                Failure.BAD_REQUEST,
                "one valid JSON text");
        assertThat(codec.encode(Map.of("a", Payload.json(" [ 1 ] ")))).hasToString("{\"a\":[1]}");
    }

    @Test
    void numbersNobodyCouldReadAreRefused() {
        refused(
                () -> codec.encode(BigDecimal.valueOf(1, Integer.MIN_VALUE)),
                Failure.BAD_REQUEST,
                "an exponent of 4 digits");
        refused(
                () -> codec.encode(Payload.json("1e99999999999")),
                Failure.BAD_REQUEST,
                "an exponent of 4 digits");
        refused(
                () -> codec.encode(BigInteger.TEN.pow(10_000)),
                Failure.BAD_REQUEST,
                "at most 10000 characters");
    }

    @Test
    void typesAreNeverNamedByClass() {
        refused(() -> codec.encode(new ByClass(1)), Failure.BAD_REQUEST, "named by its class");
        refused(
                () -> codec.decode(Payload.json("{\"@class\":\"x\"}"), ByClass.class),
                Failure.BAD_REQUEST,
                "named by its class");
        Payload shape = codec.encode(new Circle(2));
        assertThat(shape).hasToString("{\"@type\":\"circle\",\"radius\":2}");
        assertThat(codec.decode(shape, Shape.class)).isEqualTo(new Circle(2));
    }

    record Open(int a, @JsonAnyGetter Map<String, Object> more) {}

    @Test
    void openRecordIsWrittenWithItsMore() {
        assertThat(codec.encode(new Open(1, Map.of("b", 2)))).hasToString("{\"a\":1,\"b\":2}");
    }

    @Test
    void wrongTypeIsRefusedByName() {
        refused(
                () -> codec.decode(Payload.json("{\"delay\":\"late\"}"), Flight.class),
                Failure.BAD_REQUEST,
                "delay");
        refused(
                () -> codec.decode(Payload.json("{\"delay\":1.9}"), Flight.class),
                Failure.BAD_REQUEST,
                "delay");
        refused(() -> codec.encode(new Broken()), Failure.BAD_REQUEST, "no such luck");
    }

    private static Object nested(int depth) {
        Object value = List.of();
        for (int i = 1; i < depth; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Payload elsewhere(java.util.function.Supplier<Payload> work) {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
        try {
            return work.get();
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    private static void refused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            Failure failure,
            String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TuliException.class, e -> assertThat(e.failure()).isEqualTo(failure))
                .hasMessageContaining(text);
    }
}
