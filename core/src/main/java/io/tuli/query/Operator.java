package io.tuli.query;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be asked of one field. */
enum Operator {
    IS,
    NE,
    IN,
    NIN,
    LT,
    LTE,
    GT,
    GTE;

    static final List<String> NAMES =
            Arrays.stream(values()).filter(each -> each != IS).map(Operator::text).toList();

    private String text() {
        return "$" + name().toLowerCase(Locale.ROOT);
    }

    /** The operator of a name like {@code $gte}; null if there is none. */
    static @Nullable Operator of(String name) {
        int at = NAMES.indexOf(name);
        return at < 0 ? null : values()[at + 1];
    }

    boolean takesAList() {
        return this == IN || this == NIN;
    }

    /** Whether it compares by order. */
    boolean isOrder() {
        return compareTo(LT) >= 0;
    }

    /** Whether it holds unless a value on the path is as it says. */
    boolean isNegative() {
        return this == NE || this == NIN;
    }

    /** Whether an order that was found is the one asked for. */
    boolean admits(int found) {
        return switch (this) {
            case LT -> found < 0;
            case LTE -> found <= 0;
            case GT -> found > 0;
            case GTE -> found >= 0;
            case IS, NE, IN, NIN -> false;
        };
    }
}
