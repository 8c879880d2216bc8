package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a query means and what it refuses; against the original: {@code FeathersQueriesTest}. */
@Tag("FD-29")
class QueryTest {

    private static final Map<String, Object> MILK =
            Map.of(
                    "id",
                    "t1",
                    "title",
                    "buy milk",
                    "priority",
                    3,
                    "done",
                    false,
                    "at",
                    Map.of("city", "Turin"),
                    "tags",
                    List.of("shop", "food"));

    private static boolean matches(Map<String, ?> query) {
        return Query.of(query).matches(MILK);
    }

    private static String refusal(Map<String, ?> query) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Query.of(query));
        assertThat(refusal.code()).isEqualTo(400);
        return refusal.text();
    }

    private static Map<String, @Nullable Object> one(String name, @Nullable Object value) {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put(name, value);
        return map;
    }

    // ---- what it means -------------------------------------------------------------------------

    @Test
    void fieldIsOneValueOrIsAskedByOperators() {
        assertThat(matches(Map.of("priority", 3, "done", false))).isTrue();
        assertThat(matches(Map.of("priority", Map.of("$gt", 2, "$lt", 4)))).isTrue();
        assertThat(matches(Map.of("priority", Map.of("$gt", "2")))).isFalse();
        assertThat(matches(Map.of("at.city", "Turin", "tags", "food"))).isTrue();
        assertThat(matches(Map.of("at", Map.of("city", "Turin")))).isTrue();
        assertThat(matches(Map.of("$or", List.of(Map.of("done", true), Map.of("priority", 3)))))
                .isTrue();
        assertThat(matches(Map.of("$and", List.of(Map.of("done", true), Map.of("priority", 3)))))
                .isFalse();
    }

    @Test
    void numbersAreComparedByTheirValueExactly() {
        assertThat(matches(Map.of("priority", 3.0))).isTrue();
        assertThat(matches(Map.of("priority", new BigDecimal("3.00")))).isTrue();
        assertThat(matches(Map.of("priority", BigInteger.valueOf(3)))).isTrue();
        Query large = Query.of(Map.of("n", Map.of("$gt", 9_007_199_254_740_992L)));
        assertThat(large.matches(Map.of("n", 9_007_199_254_740_993L))).isTrue();
        assertThat(large.matches(Map.of("n", new BigDecimal("1e9999")))).isTrue();
    }

    @Test
    void whatCameAsTextsEqualsWhatTheTextsStandFor() {
        Query texts = Query.ofTexts(Map.of("priority", Map.of("$gte", "3"), "done", "false"));

        assertThat(texts.matches(MILK)).isTrue();
        assertThat(matches(Map.of("priority", "3"))).isFalse();
        assertThat(Query.ofTexts(Map.of("priority", "1e9")).matches(MILK)).isFalse();
        assertThat(Query.ofTexts(Map.of("title", "3")).matches(Map.of("title", "3"))).isTrue();
    }

    @Test
    void nullIsWhatIsMissingToo() {
        assertThat(matches(one("owner", null))).isTrue();
        assertThat(matches(Map.of("owner", one("$ne", null)))).isFalse();
        assertThat(matches(Map.of("title", one("$ne", null)))).isTrue();
    }

    @Test
    void pageIsTheSameWhateverTheOrderOfRecordsIs() {
        Map<String, Map<String, @Nullable Object>> records = numbered(100);
        List<String> shuffled = new ArrayList<>(records.keySet());
        Collections.shuffle(shuffled, new java.util.Random(5));
        Query query = Query.of(Map.of("$sort", Map.of("group", -1), "$limit", 7, "$skip", 5));

        Page<?> page = query.page(records.keySet(), records::get);

        assertThat(query.page(shuffled, records::get)).isEqualTo(page);
        assertThat(query.paged(1, 3).page(shuffled, records::get).limit()).isEqualTo(3);
        assertThat(Query.all().paged(4, 9).page(shuffled, records::get).data()).hasSize(4);
        assertThat(page.total()).isEqualTo(100);
        assertThat(page.data()).hasSize(7);
    }

    @Test
    void recordThatGoesWhileItIsLookedForIsLeftOut() {
        Map<String, Map<String, @Nullable Object>> records = numbered(5);
        List<String> ids = List.copyOf(records.keySet());
        records.remove(ids.get(2));

        assertThat(Query.all().page(ids, records::get).data()).hasSize(4);
    }

    private static Map<String, Map<String, @Nullable Object>> numbered(int count) {
        Map<String, Map<String, @Nullable Object>> records = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("id", "r" + i);
            document.put("n", i);
            document.put("group", i % 10);
            records.put("r" + i, document);
        }
        return records;
    }

    @Test
    void tenThousandRecordsAreSoonLookedThrough() {
        Map<String, Map<String, @Nullable Object>> records = numbered(10_000);
        Query query =
                Query.of(
                        Map.of(
                                "n",
                                Map.of("$gte", 100),
                                "$sort",
                                Map.of("group", 1, "n", -1),
                                "$skip",
                                9_000,
                                "$limit",
                                100));
        long begun = System.nanoTime();

        Page<?> page = query.page(records.keySet(), records::get);

        assertThat(page.total()).isEqualTo(9_900);
        assertThat(page.data()).hasSize(100);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    // ---- what it refuses -----------------------------------------------------------------------

    @Test
    void unknownOperatorIsNamedAndSoIsTheNearest() {
        assertThat(refusal(Map.of("$limt", 3))).contains("$limt; did you mean $limit?");
        assertThat(refusal(Map.of("a", Map.of("$gtt", 3)))).contains("$gtt; did you mean $gt?");
        assertThat(refusal(Map.of("$where", "1"))).contains("a query knows $limit, $skip");
        assertThat(refusal(Map.of("$or", List.of(Map.of("$limit", 3)))))
                .contains("a part of a query knows $or, $and");
        assertThat(refusal(Map.of("a", Map.of("$gt", 3, "b", 1)))).contains("operators only");
        assertThat(refusal(Map.of("$\u001b[2J".repeat(500), 1))).hasSizeLessThanOrEqualTo(1_000);
    }

    @Test
    void limitSkipSortAndSelectAreWhatTheyMustBe() {
        for (Object odd : List.of(-1, "many", 1.5, Long.MAX_VALUE, "", "1e3", List.of(1), true)) {
            assertThat(refusal(Map.of("$limit", odd))).contains("$limit is a whole number");
            assertThat(refusal(Map.of("$skip", odd))).contains("$skip is a whole number");
        }
        assertThat(refusal(Map.of("$sort", "title"))).contains("$sort is an object");
        assertThat(refusal(Map.of("$sort", Map.of("a", 2)))).contains("1 for up or -1 for down");
        assertThat(refusal(Map.of("$sort", one("a", null)))).contains("1 for up or -1 for down");
        assertThat(refusal(Map.of("$select", List.of(3)))).contains("$select is a list");
    }

    @Test
    void whatIsNoValueIsRefused() {
        assertThat(refusal(Map.of("a", Double.NaN))).contains("a number is finite");
        assertThat(refusal(Map.of("a", Map.of("$gt", Float.NEGATIVE_INFINITY))))
                .contains("a number is finite");
        assertThat(refusal(Map.of("a", new Object()))).contains("a value is a text, number");
        assertThat(refusal(Map.of("a", Map.of("$lt", List.of(1))))).contains("$lt takes a number");
        assertThat(refusal(Map.of("a", Map.of("$in", List.of(Map.of("$gt", 1))))))
                .contains("no operators inside");
        Map<Object, Object> oddNames = Map.of(3, 4);
        assertThat(refusal(Map.of("a", oddNames))).contains("a name is a text");
    }

    @Test
    void sizeAndDepthAreBounded() {
        Object deep = 1;
        for (int i = 0; i < 100_000; i++) {
            deep = Map.of("a", deep);
        }
        assertThat(refusal(Map.of("a", deep))).contains("at most 16 deep");
        Map<String, Object> or = Map.of("a", 1);
        for (int i = 0; i < 10_000; i++) {
            or = Map.of("$or", List.of(or));
        }
        assertThat(refusal(or)).contains("at most 16 deep");
        Map<String, Object> wide = new HashMap<>();
        IntStream.range(0, 100_000).forEach(i -> wide.put("k" + i, i));
        assertThat(refusal(wide)).contains("at most 1000 conditions and values");
        List<Integer> many = Stream.iterate(0, i -> i + 1).limit(100_000).toList();
        assertThat(refusal(Map.of("a", Map.of("$in", many)))).contains("at most 1000");
        assertThat(refusal(Map.of("a.".repeat(1_000), 1))).contains("at most 32 levels");
    }

    @Test
    void whatALookCostsIsBounded() {
        List<Integer> many = IntStream.range(1, 900).boxed().toList();
        List<Object> list = new ArrayList<>(Collections.nCopies(100_000, 0));
        Query query = Query.of(Map.of("list", Map.of("$in", many)));

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> query.matches(Map.of("list", list)));

        assertThat(refusal.text()).contains("looks at no more than 50000000 values");
    }

    @Test
    void windowIsBounded() {
        Query far = Query.of(Map.of("$skip", 10_000));
        Map<String, Map<String, @Nullable Object>> records = numbered(3);

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> far.page(records.keySet(), records::get));

        assertThat(refusal.text()).contains("together at most 10000 records");
        assertThat(
                        Query.of(Map.of("$limit", 0, "$skip", 99_999))
                                .page(records.keySet(), records::get)
                                .total())
                .isEqualTo(3);
    }

    @Test
    void queryDoesNotChangeWithTheMapItWasMadeOf() {
        List<Object> values = new ArrayList<>(List.of(3));
        Map<String, Object> raw = new HashMap<>(Map.of("priority", Map.of("$in", values)));
        Query query = Query.of(raw);
        values.clear();
        raw.clear();

        assertThat(query.matches(MILK)).isTrue();
        assertThat(query.raw()).isEqualTo(Map.of("priority", Map.of("$in", List.of(3))));
    }
}
