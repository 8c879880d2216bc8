package io.tuli.codec;

/**
 * Finds the ends of things in JSON bytes. Lenient: brackets are counted, not matched, for the bytes
 * were checked when they came in; but never fooled into leaving the array, and never recursive.
 */
final class JsonText {
    static final int MALFORMED = -1;

    private JsonText() {}

    /**
     * The first byte at or after {@code from} that is no white space; the length if there is none.
     */
    static int skipSpace(byte[] json, int from) {
        int at = from;
        while (at < json.length && isSpace(json[at])) {
            at++;
        }
        return at;
    }

    /** The place after the value that begins at {@code from}. */
    static int skipValue(byte[] json, int from) {
        if (from >= json.length) {
            return MALFORMED;
        }
        return switch (json[from]) {
            case '"' -> skipString(json, from);
            case '{', '[' -> skipContainer(json, from);
            default -> skipScalar(json, from);
        };
    }

    /** The place after the string whose opening quote is at {@code from}. */
    static int skipString(byte[] json, int from) {
        for (int at = from + 1; at < json.length; at++) {
            if (json[at] == '"') {
                return at + 1;
            }
            if (json[at] == '\\') {
                at++;
            }
        }
        return MALFORMED;
    }

    /** How many brackets are open at once, at most: 0 for a scalar, 1 for {@code []}. */
    static int depth(byte[] json) {
        int deepest = 0;
        int depth = 0;
        for (int at = 0; at < json.length; at++) {
            switch (json[at]) {
                case '"' -> {
                    int end = skipString(json, at);
                    at = end == MALFORMED ? json.length : end - 1;
                }
                case '{', '[' -> deepest = Math.max(deepest, ++depth);
                case '}', ']' -> depth--;
                default -> {}
            }
        }
        return deepest;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static int skipContainer(byte[] json, int from) {
        int depth = 0;
        int at = from;
        while (at < json.length) {
            switch (json[at]) {
                case '"' -> {
                    int end = skipString(json, at);
                    if (end == MALFORMED) {
                        return MALFORMED;
                    }
                    at = end - 1;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
            if (depth == 0) {
                return at;
            }
        }
        return MALFORMED;
    }

    private static int skipScalar(byte[] json, int from) {
        int at = from;
        while (at < json.length && !isSpace(json[at]) && !isStructure(json[at])) {
            at++;
        }
        return at == from ? MALFORMED : at;
    }

    private static boolean isStructure(byte b) {
        return b == ',' || b == ':' || b == '}' || b == ']' || b == '{' || b == '[' || b == '"';
    }
}
