package io.tuli.terminal;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.TuliException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an object or array as rows, to choose from, to sort and to show as a table.
 * Immutable.
 */
public final class Rows {

    private static final String KEY = "KEY";

    private final List<Row> rows;
    private final boolean isArray;

    private Rows(List<Row> rows, boolean isArray) {
        this.rows = rows;
        this.isArray = isArray;
    }

    /** The rows of a value: the fields of an object or the elements of an array. */
    public static Rows of(@Nullable Object value) {
        List<Row> rows = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, document) -> rows.add(new Row(key.toString(), document)));
            return new Rows(rows, false);
        }
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                rows.add(new Row(Integer.toString(i), list.get(i)));
            }
            return new Rows(rows, true);
        }
        throw new TuliException(
                Failure.BAD_REQUEST,
                "--table, --sort and --where need an object or an array: " + Json.of(value));
    }

    /** Those that have the text in the field, whatever its case; {@code field=text}. */
    public Rows where(String condition) {
        int equals = condition.indexOf('=');
        if (equals <= 0) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "--where is field=text: " + condition + "; try name=ann");
        }
        String field = condition.substring(0, equals);
        String wanted = condition.substring(equals + 1).toLowerCase(Locale.ROOT);
        List<Row> kept =
                rows.stream()
                        .filter(row -> row.text(field).toLowerCase(Locale.ROOT).contains(wanted))
                        .toList();
        return new Rows(kept, isArray);
    }

    /** By a field, numbers by size; {@code -field} the other way round. */
    public Rows sortedBy(String order) {
        boolean isDescending = order.startsWith("-");
        String field = isDescending ? order.substring(1) : order;
        Comparator<Row> ascending = (a, b) -> compare(a.at(field), b.at(field));
        return new Rows(
                rows.stream().sorted(isDescending ? ascending.reversed() : ascending).toList(),
                isArray);
    }

    /** As the JSON they came from. */
    public Object json() {
        if (isArray) {
            List<@Nullable Object> list = new ArrayList<>();
            rows.forEach(row -> list.add(row.document()));
            return list;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        rows.forEach(row -> map.put(row.key(), row.document()));
        return map;
    }

    /** With these fields as columns; all there are where none are named. */
    public Table table(List<String> fields) {
        List<String> shown = fields.isEmpty() ? allFields() : fields;
        List<Table.Column> columns = new ArrayList<>();
        columns.add(Table.left(KEY));
        for (String field : shown) {
            boolean isNumeric =
                    rows.stream().map(row -> row.at(field)).allMatch(Rows::isNumberOrNothing);
            String title = field.isEmpty() ? "VALUE" : field.toUpperCase(Locale.ROOT);
            columns.add(isNumeric ? Table.right(title) : Table.left(title));
        }
        Table table = new Table(columns);
        for (Row row : rows) {
            List<Table.Cell> cells = new ArrayList<>();
            cells.add(Table.cell(row.key(), Colour.CYAN));
            shown.forEach(field -> cells.add(Table.cell(row.text(field))));
            table.add(cells);
        }
        return table;
    }

    /** Fields in the order they are met; the empty field is the value itself. */
    private List<String> allFields() {
        Set<String> fields = new LinkedHashSet<>();
        for (Row row : rows) {
            if (row.document() instanceof Map<?, ?> map) {
                map.keySet().forEach(field -> fields.add(escaped(field.toString())));
            } else {
                fields.add("");
            }
        }
        return List.copyOf(fields);
    }

    private static String escaped(String segment) {
        return segment.isEmpty() ? segment : Key.of(segment).toString();
    }

    private static boolean isNumberOrNothing(@Nullable Object value) {
        return value == null || value instanceof Number;
    }

    /** Nothing first, then numbers by size, then texts. */
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number && b instanceof Number) {
            return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
        }
        int kind = Integer.compare(kindOf(a), kindOf(b));
        return kind != 0 ? kind : text(a).compareToIgnoreCase(text(b));
    }

    private static int kindOf(@Nullable Object value) {
        return value == null ? 0 : value instanceof Number ? 1 : 2;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value instanceof String text ? text : Json.of(value);
    }

    private record Row(String key, @Nullable Object document) {

        /** The value at a deep field; null where there is none. */
        @Nullable Object at(String field) {
            if (field.isEmpty()) {
                return document instanceof Map<?, ?> ? null : document;
            }
            Key path = Key.parse(field);
            Object value = step(document, path.top());
            for (String segment : path.below()) {
                value = step(value, segment);
            }
            return value;
        }

        String text(String field) {
            return Rows.text(at(field));
        }

        private static @Nullable Object step(@Nullable Object value, String segment) {
            if (value instanceof Map<?, ?> map) {
                return map.get(segment);
            }
            return value instanceof List<?> list
                            && segment.matches("\\d{1,9}")
                            && Integer.parseInt(segment) < list.size()
                    ? list.get(Integer.parseInt(segment))
                    : null;
        }
    }
}
