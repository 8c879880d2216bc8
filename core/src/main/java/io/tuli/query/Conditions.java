package io.tuli.query;

import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that must hold of a record. Immutable and thread-safe; an evaluation's {@link Work} is one
 * thread's.
 *
 * <p>A name with dots leads inside objects, and through lists to each of their elements; a number
 * as a name is also a place in a list. Where a path ends at a list, its elements and the list
 * itself are looked at. A condition holds if it holds of one value on its path; {@code $ne} and
 * {@code $nin} if it holds of all. What is missing is null. Only values of one kind are before or
 * after each other.
 */
public final class Conditions {

    static final String OR = "$or";
    static final String AND = "$and";

    /** Names that say how, not which: they are others' work. */
    static final List<String> HOW = List.of("$limit", "$skip", "$sort", "$select");

    private static final List<String> AT_TOP =
            List.of("$limit", "$skip", "$sort", "$select", OR, AND);

    private final List<Condition> all;

    private Conditions(List<Condition> all) {
        this.all = all;
    }

    /** One condition of a record. */
    private sealed interface Condition {}

    /** One operator at one field. */
    private record Field(
            List<String> path, Operator operator, @Nullable Object wanted, boolean ofTexts)
            implements Condition {}

    /** At least one of these, or all of them. */
    private record Group(boolean isOr, List<Conditions> parts) implements Condition {}

    // ---- reading -------------------------------------------------------------------------------

    /**
     * Reads them.
     *
     * @param ofTexts whether values came as texts, as in an URL: then a text equals the number or
     *     boolean it stands for
     * @throws IllegalArgumentException where they break a rule; it names the operator
     */
    public static Conditions of(Map<String, ?> query, boolean ofTexts) {
        return read(query, ofTexts, true, new Budget());
    }

    private static Conditions read(Map<?, ?> query, boolean ofTexts, boolean isTop, Budget budget) {
        List<Condition> all = new ArrayList<>();
        for (Map.Entry<?, ?> member : query.entrySet()) {
            String name = Values.name(member.getKey());
            Object wanted = member.getValue();
            if (name.equals(OR) || name.equals(AND)) {
                all.add(group(name, wanted, ofTexts, budget));
            } else if (!name.startsWith("$")) {
                field(name, wanted, ofTexts, budget, all);
            } else if (!isTop || !HOW.contains(name)) {
                List<String> known = isTop ? AT_TOP : List.of(OR, AND);
                throw unknown(name, isTop ? "a query" : "a part of a query", known);
            }
        }
        return new Conditions(List.copyOf(all));
    }

    private static IllegalArgumentException unknown(String name, String where, List<String> known) {
        List<String> hints = new ArrayList<>(known);
        if (!known.equals(Operator.NAMES)) {
            hints.addAll(Operator.NAMES);
        }
        return new IllegalArgumentException(
                where
                        + " knows "
                        + String.join(", ", known)
                        + ": "
                        + Excerpt.of(name)
                        + Nearest.question(name, hints));
    }

    private static Group group(
            String name, @Nullable Object wanted, boolean ofTexts, Budget budget) {
        if (!(wanted instanceof List<?> list) || list.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " takes a list of at least one query: " + told(wanted));
        }
        budget.deeper();
        List<Conditions> parts = new ArrayList<>();
        for (Object part : list) {
            budget.value();
            if (!(part instanceof Map<?, ?> conditions)) {
                throw new IllegalArgumentException(
                        name + " takes a list of queries: " + told(part));
            }
            parts.add(read(conditions, ofTexts, false, budget));
        }
        budget.back();
        return new Group(name.equals(OR), List.copyOf(parts));
    }

    private static void field(
            String name,
            @Nullable Object wanted,
            boolean ofTexts,
            Budget budget,
            List<Condition> all) {
        budget.value();
        List<String> path = Paths.of(name);
        if (!(wanted instanceof Map<?, ?> operators) || !hasOperators(operators)) {
            Object value = whole(name, wanted, budget);
            all.add(new Field(path, Operator.IS, value, ofTexts));
            return;
        }
        for (Map.Entry<?, ?> each : operators.entrySet()) {
            String asked = Values.name(each.getKey());
            Operator operator = Operator.of(asked);
            if (operator == null) {
                throw asked.startsWith("$")
                        ? unknown(asked, "a field", Operator.NAMES)
                        : new IllegalArgumentException(
                                "what is asked of a field are operators only, or one value: field="
                                        + Excerpt.of(name)
                                        + " name="
                                        + Excerpt.of(asked));
            }
            Object value = operand(asked, operator, each.getValue(), budget);
            all.add(new Field(path, operator, value, ofTexts));
        }
    }

    private static boolean hasOperators(Map<?, ?> value) {
        for (Object name : value.keySet()) {
            if (name instanceof String text && text.startsWith("$")) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Object operand(
            String name, Operator operator, @Nullable Object value, Budget budget) {
        if (operator.isOrder() && (value instanceof List<?> || value instanceof Map<?, ?>)) {
            throw new IllegalArgumentException(
                    name + " takes a number, a text, a boolean or null: " + told(value));
        }
        if (operator.takesAList() && !(value instanceof List<?>)) {
            List<@Nullable Object> one = new ArrayList<>();
            one.add(whole(name, value, budget));
            return one;
        }
        return whole(name, value, budget);
    }

    /** A value, in which no name is an operator. */
    private static @Nullable Object whole(String name, @Nullable Object value, Budget budget) {
        Object copy = Values.copy(value, budget);
        requirePlain(name, copy);
        return copy;
    }

    private static void requirePlain(String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            list.forEach(element -> requirePlain(name, element));
        } else if (value instanceof Map<?, ?> map) {
            if (hasOperators(map)) {
                throw new IllegalArgumentException(
                        "a value has no operators inside: at="
                                + Excerpt.of(name)
                                + " value="
                                + told(value));
            }
            map.values().forEach(element -> requirePlain(name, element));
        }
    }

    private static String told(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map -> "an object of " + map.size() + " names";
            case List<?> list -> "a list of " + list.size();
            default -> Excerpt.of(value);
        };
    }

    // ---- asking --------------------------------------------------------------------------------

    /** All names that begin with {@code $} and mean something. */
    public static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(AT_TOP);
        names.addAll(Operator.NAMES);
        return Collections.unmodifiableSet(names);
    }

    /** Whether all of them hold of a record of JSON-like values. */
    public boolean match(Map<String, ?> document, Work work) {
        for (Condition condition : all) {
            boolean holds =
                    switch (condition) {
                        case Field field -> holds(field, document, work);
                        case Group group -> holds(group, document, work);
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Group group, Map<String, ?> document, Work work) {
        for (Conditions part : group.parts()) {
            if (part.match(document, work) == group.isOr()) {
                return group.isOr();
            }
        }
        return !group.isOr();
    }

    private static boolean holds(Field field, Map<String, ?> document, Work work) {
        Predicate<@Nullable Object> test = value -> isAs(field, value, work);
        boolean isFound =
                Paths.any(document, field.path(), test, !field.operator().isOrder(), work);
        return isFound != field.operator().isNegative();
    }

    /** Whether one value on the path is as the operator says; for a negative one, as it forbids. */
    private static boolean isAs(Field field, @Nullable Object value, Work work) {
        work.step();
        Object wanted = field.wanted();
        return switch (field.operator()) {
            case IS, NE -> isSame(field, value, wanted, work);
            case IN, NIN -> wanted instanceof List<?> list && isOneOf(field, value, list, work);
            case LT, LTE, GT, GTE -> isInOrder(field, value, work);
        };
    }

    private static boolean isOneOf(Field field, @Nullable Object value, List<?> wanted, Work work) {
        for (Object each : wanted) {
            if (isSame(field, value, each, work)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(
            Field field, @Nullable Object value, @Nullable Object wanted, Work work) {
        Object meant =
                field.ofTexts() && wanted instanceof String text
                        ? Values.like(value, text)
                        : wanted;
        return Values.isSame(value, meant, work);
    }

    private static boolean isInOrder(Field field, @Nullable Object value, Work work) {
        Object wanted = field.wanted();
        Object meant =
                field.ofTexts() && wanted instanceof String text
                        ? Values.like(value, text)
                        : wanted;
        boolean isOneKind =
                value == null
                        ? meant == null
                        : meant != null
                                && (value instanceof Number
                                        ? meant instanceof Number
                                        : value.getClass() == meant.getClass());
        return isOneKind && field.operator().admits(Values.compare(value, meant, work));
    }
}
