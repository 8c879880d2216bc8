package io.tuli;

import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.query.Conditions;
import io.tuli.query.Order;
import io.tuli.query.Selection;
import io.tuli.query.Window;
import io.tuli.query.Work;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a service, in which order, how many, and what of them: <code>
 * Query.of(Map.of("done", false, "priority", Map.of("$gte", 3), "$sort", Map.of("title", 1),
 * "$limit", 10))</code>. Immutable and thread-safe.
 *
 * <p>A record is a document with its key as {@code id}. A field equals a value, or is asked by
 * {@code $ne $in $nin $lt $lte $gt $gte}; {@code $or} and {@code $and} take lists of queries. A
 * name with dots leads inside objects and into the elements of lists. Then {@code $sort} (1 up, -1
 * down, in the order of the map; what is equal comes by id), {@code $skip}, {@code $limit} (0
 * counts only) and {@code $select} (names of fields; the id is always kept). Null is what is
 * missing, too. Only what is of one kind is less or greater.
 *
 * <p>Bounds: 1,000 conditions and values together, 16 levels, {@code $skip} and page together
 * {@value #WINDOW_MAX} records; what one find looks at is bounded, too. Whatever breaks a rule is a
 * {@link Refusal} of code 400 that names the operator and the nearest known one.
 *
 * <p>After the queries of Feathers; its adapters' tests are what this equals.
 */
public final class Query {

    /** {@code $skip} and the page's size are together at most this. */
    public static final int WINDOW_MAX = 10_000;

    /** So many records a page has where neither the query nor {@link #paged} says. */
    public static final int PAGE_USUAL = 1_000;

    private static final Query ALL = of(Map.of());

    private final Map<String, @Nullable Object> raw;
    private final Conditions conditions;
    private final Order order;
    private final Selection selection;
    private final Window window;
    private final int usual;
    private final int most;

    private Query(Map<String, ?> raw, boolean ofTexts) {
        this.usual = PAGE_USUAL;
        this.most = WINDOW_MAX;
        this.raw = Selection.copied(raw);
        this.conditions = Conditions.of(this.raw, ofTexts);
        this.order = Order.of(this.raw.get("$sort"));
        this.selection = Selection.of(this.raw.get("$select"));
        this.window = Window.of(this.raw.get("$limit"), this.raw.get("$skip"));
    }

    private Query(Query from, int usual, int most) {
        this.raw = from.raw;
        this.conditions = from.conditions;
        this.order = from.order;
        this.selection = from.selection;
        this.window = from.window;
        this.usual = usual;
        this.most = most;
    }

    /** Every record. */
    public static Query all() {
        return ALL;
    }

    /**
     * Reads one whose values have their types.
     *
     * @throws Refusal 400 where it breaks a rule
     */
    public static Query of(Map<String, ?> raw) {
        return checked(() -> new Query(raw, false));
    }

    /**
     * Reads one whose values are all texts, as those of an URL: a text equals the number or boolean
     * it stands for, where a record has one.
     *
     * @throws Refusal 400 where it breaks a rule
     */
    public static Query ofTexts(Map<String, ?> raw) {
        return checked(() -> new Query(raw, true));
    }

    private static <V> V checked(Supplier<V> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException broken) {
            throw Refusal.badRequest(Excerpt.detail(String.valueOf(broken.getMessage())));
        }
    }

    /**
     * The same with pages of {@code usual} records where it does not say, and of {@code most} at
     * most, whatever it says.
     */
    public Query paged(int usual, int most) {
        Require.argument(usual >= 0 && usual <= most, "usual is from 0 to most", usual);
        Require.argument(most <= WINDOW_MAX, "a page has at most 10,000 records", most);
        return new Query(this, usual, most);
    }

    /** As it was given. */
    public Map<String, @Nullable Object> raw() {
        return raw;
    }

    /** Whether its conditions hold of a record of JSON-like values. */
    public boolean matches(Map<String, ?> document) {
        return checked(() -> conditions.match(document, new Work()));
    }

    /** What {@code $select} keeps of a record, and its id. */
    public Map<String, @Nullable Object> selected(Map<String, ?> document) {
        return selection.of(document);
    }

    /**
     * The page of all records that it asks for.
     *
     * @param ids of all of them, in any order
     * @param read the record of an id with JSON-like values; null where there is none any more
     * @throws Refusal 400 where it asks for more than the bounds allow
     */
    public Page<Map<String, @Nullable Object>> page(
            Iterable<String> ids, Function<String, @Nullable Map<String, @Nullable Object>> read) {
        return checked(
                () -> {
                    int limit = window.limit(usual, most);
                    Window.Found found =
                            window.find(ids, read, conditions, order, limit, WINDOW_MAX);
                    List<Map<String, @Nullable Object>> data =
                            found.read(read).map(this::selected).toList();
                    return new Page<>(found.total(), limit, window.skip(), data);
                });
    }

    /** The names of what a query can say besides fields. */
    public static Set<String> operators() {
        return Conditions.names();
    }

    @Override
    public String toString() {
        return "query " + Excerpt.of(raw);
    }
}
