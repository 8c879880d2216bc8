package io.tuli.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON-like values: what is equal, and what comes first. */
public final class Values {

    /** The kinds in the order in which they are sorted. */
    private enum Kind {
        NULL,
        NUMBER,
        TEXT,
        TRUTH,
        LIST,
        OBJECT
    }

    private Values() {}

    private static Kind kindOf(@Nullable Object value) {
        return switch (value) {
            case null -> Kind.NULL;
            case Number number -> Kind.NUMBER;
            case String text -> Kind.TEXT;
            case Boolean truth -> Kind.TRUTH;
            case List<?> list -> Kind.LIST;
            case Map<?, ?> map -> Kind.OBJECT;
            default -> throw new IllegalArgumentException(unlike(value));
        };
    }

    private static String unlike(Object value) {
        return "a value is a text, number, boolean, list, map or null: "
                + value.getClass().getTypeName();
    }

    /**
     * A copy that nobody can change, of what nests at most so deep.
     *
     * @throws IllegalArgumentException when it is no JSON-like value
     */
    static @Nullable Object copy(@Nullable Object value, Budget budget) {
        budget.value();
        return switch (value) {
            case null -> null;
            case Double real -> finite(real, real.isNaN() || real.isInfinite());
            case Float real -> finite(real, real.isNaN() || real.isInfinite());
            case Number number -> exact(number);
            case String text -> text;
            case Boolean truth -> truth;
            case List<?> list -> {
                budget.deeper();
                List<@Nullable Object> copy = new ArrayList<>(Math.min(list.size(), 16));
                for (Object element : list) {
                    copy.add(copy(element, budget));
                }
                budget.back();
                yield Collections.unmodifiableList(copy);
            }
            case Map<?, ?> map -> {
                budget.deeper();
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    copy.put(name(member.getKey()), copy(member.getValue(), budget));
                }
                budget.back();
                yield Collections.unmodifiableMap(copy);
            }
            default -> throw new IllegalArgumentException(unlike(value));
        };
    }

    static String name(@Nullable Object key) {
        if (key instanceof String name) {
            return name;
        }
        throw new IllegalArgumentException("a name is a text: " + key);
    }

    private static Number finite(Number number, boolean isNone) {
        if (isNone) {
            throw new IllegalArgumentException(
                    "a number is finite, NaN and infinities equal nothing: " + number);
        }
        return number;
    }

    private static Number exact(Number number) {
        boolean isKnown =
                number instanceof Integer
                        || number instanceof Long
                        || number instanceof Short
                        || number instanceof Byte
                        || number instanceof BigInteger
                        || number instanceof BigDecimal;
        if (!isKnown) {
            throw new IllegalArgumentException(unlike(number));
        }
        return number;
    }

    // ---- equal ---------------------------------------------------------------------------------

    /** Whether both are the same JSON value: 1 is 1.0, and the order of names does not matter. */
    static boolean isSame(@Nullable Object left, @Nullable Object right, Work work) {
        work.step();
        if (left instanceof Number a && right instanceof Number b) {
            return compare(a, b) == 0;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return isSame(a, b, work);
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return isSame(a, b, work);
        }
        return Objects.equals(left, right);
    }

    private static boolean isSame(List<?> left, List<?> right, Work work) {
        boolean isSame = left.size() == right.size();
        for (int i = 0; isSame && i < left.size(); i++) {
            isSame = isSame(left.get(i), right.get(i), work);
        }
        return isSame;
    }

    private static boolean isSame(Map<?, ?> left, Map<?, ?> right, Work work) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> member : left.entrySet()) {
            Object other = right.get(member.getKey());
            boolean isThere = other != null || right.containsKey(member.getKey());
            if (!isThere || !isSame(member.getValue(), other, work)) {
                return false;
            }
        }
        return true;
    }

    // ---- in order ------------------------------------------------------------------------------

    /** Null, numbers, texts, booleans, lists, objects; texts by UTF-16, as JavaScript has it. */
    static int compare(@Nullable Object left, @Nullable Object right, Work work) {
        work.step();
        Kind kind = kindOf(left);
        int byKind = kind.compareTo(kindOf(right));
        if (byKind != 0 || left == null || right == null) {
            return byKind;
        }
        return switch (kind) {
            case NULL -> 0;
            case NUMBER -> compare((Number) left, (Number) right);
            case TEXT -> ((String) left).compareTo((String) right);
            case TRUTH -> Boolean.compare((Boolean) left, (Boolean) right);
            case LIST -> compareLists((List<?>) left, (List<?>) right, work);
            case OBJECT -> compareObjects((Map<?, ?>) left, (Map<?, ?>) right, work);
        };
    }

    private static int compareLists(List<?> left, List<?> right, Work work) {
        int both = Math.min(left.size(), right.size());
        for (int i = 0; i < both; i++) {
            int order = compare(left.get(i), right.get(i), work);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** By the values of their names in order; as NeDB does it, and Feathers after it. */
    private static int compareObjects(Map<?, ?> left, Map<?, ?> right, Work work) {
        Object[] a = left.keySet().toArray();
        Object[] b = right.keySet().toArray();
        Arrays.sort(a);
        Arrays.sort(b);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            int order = compare(left.get(a[i]), right.get(b[i]), work);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.length, b.length);
    }

    /** By value, exactly, whatever holds them. */
    static int compare(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            return Long.compare(left.longValue(), right.longValue());
        }
        if (left instanceof Double a && right instanceof Double b) {
            return Double.compare(a + 0.0, b + 0.0);
        }
        return decimal(left).compareTo(decimal(right));
    }

    private static boolean isLong(Number number) {
        return number instanceof Integer
                || number instanceof Long
                || number instanceof Short
                || number instanceof Byte;
    }

    private static BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            case Double real -> new BigDecimal(real);
            case Float real -> new BigDecimal(real);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    /**
     * The value that a text stands for where a record has such a value: {@code "3"} beside a
     * number, {@code "true"} beside a boolean; else the text.
     */
    static @Nullable Object like(@Nullable Object there, String text) {
        if (there instanceof Boolean) {
            return text.equals("true") ? (Object) true : text.equals("false") ? false : text;
        }
        if (there instanceof Number && WholeText.isNumber(text)) {
            return new BigDecimal(text);
        }
        return text;
    }
}
