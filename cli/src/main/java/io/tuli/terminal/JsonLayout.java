package io.tuli.terminal;

/**
 * Lays JSON out for people: an indented line for each field and element, names in a colour. Takes
 * valid, compact JSON; small containers stay on one line.
 */
public final class JsonLayout {

    /** A container up to this long is not broken into lines. */
    private static final int SHORT = 72;

    private final String json;
    private final Palette palette;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private JsonLayout(String json, Palette palette) {
        this.json = json;
        this.palette = palette;
    }

    public static String of(String json, Palette palette) {
        JsonLayout layout = new JsonLayout(json, palette);
        layout.value(0);
        return layout.out.toString();
    }

    private void value(int depth) {
        char c = json.charAt(at);
        switch (c) {
            case '{', '[' -> container(depth, c == '{' ? '}' : ']');
            case '"' -> out.append(palette.paint(Colour.GREEN, string()));
            default -> out.append(palette.paint(Colour.YELLOW, scalar()));
        }
    }

    private void container(int depth, char close) {
        boolean isOneLine = endOfContainer() - at <= SHORT - 2 * depth;
        out.append(json.charAt(at++));
        if (json.charAt(at) == close) {
            out.append(json.charAt(at++));
            return;
        }
        while (true) {
            separate(depth + 1, isOneLine);
            if (close == '}') {
                out.append(palette.paint(Colour.CYAN, string())).append(": ");
                at++;
            }
            value(depth + 1);
            if (json.charAt(at) == close) {
                break;
            }
            at++;
            out.append(isOneLine ? ", " : ",");
        }
        separate(depth, isOneLine);
        out.append(json.charAt(at++));
    }

    private void separate(int depth, boolean isOneLine) {
        if (!isOneLine) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private String string() {
        int from = at;
        at = endOfString(at);
        return json.substring(from, at);
    }

    private String scalar() {
        int from = at;
        while (at < json.length() && ",]}".indexOf(json.charAt(at)) < 0) {
            at++;
        }
        return json.substring(from, at);
    }

    private int endOfString(int from) {
        int end = from + 1;
        while (json.charAt(end) != '"') {
            end += json.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    /** Looks no further than the longest container that may stay on one line. */
    private int endOfContainer() {
        int depth = 0;
        int i = at;
        while (i < json.length() && i - at <= SHORT) {
            switch (json.charAt(i)) {
                case '"' -> i = endOfString(i) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            i++;
            if (depth == 0) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }
}
