package io.tuli.terminal;

import io.tuli.error.Printable;
import java.util.ArrayList;
import java.util.List;

/** Rows under titles, each column as wide as its widest cell. One thread builds and reads it. */
public final class Table {

    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** A column of texts. */
    public static Column left(String title) {
        return new Column(Printable.line(title), false);
    }

    /** A column of numbers. */
    public static Column right(String title) {
        return new Column(Printable.line(title), true);
    }

    public static Cell cell(Object value) {
        return cell(value, Colour.PLAIN);
    }

    public static Cell cell(Object value, Colour colour) {
        return new Cell(Printable.line(value.toString()), colour);
    }

    public void add(List<Cell> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a row has a cell for each column: cells="
                            + cells.size()
                            + " columns="
                            + columns.size());
        }
        rows.add(List.copyOf(cells));
    }

    /** The titles, then the rows; without spaces at the ends of lines. */
    public List<String> lines(Palette palette) {
        int[] widths = widths();
        List<String> lines = new ArrayList<>(rows.size() + 1);
        List<Cell> titles =
                columns.stream().map(column -> new Cell(column.title(), Colour.BOLD)).toList();
        lines.add(line(titles, widths, palette));
        for (List<Cell> row : rows) {
            lines.add(line(row, widths, palette));
        }
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).title().length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).width());
            }
        }
        return widths;
    }

    private String line(List<Cell> cells, int[] widths, Palette palette) {
        StringBuilder line = new StringBuilder();
        int owed = 0;
        for (int i = 0; i < widths.length; i++) {
            Cell cell = cells.get(i);
            int padding = widths[i] - cell.width();
            boolean isRight = columns.get(i).isRight();
            line.append(" ".repeat(owed + (isRight ? padding : 0)));
            line.append(palette.paint(cell.colour(), cell.text()));
            owed = GAP.length() + (isRight ? 0 : padding);
        }
        return line.toString().stripTrailing();
    }

    /** A title, and on which side its cells stand. */
    public record Column(String title, boolean isRight) {}

    /** A text and its colour. */
    public record Cell(String text, Colour colour) {
        int width() {
            return text.codePointCount(0, text.length());
        }
    }
}
