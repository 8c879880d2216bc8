package io.tuli.header;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, as W3C's Trace Context has it. What is malformed is no
 * trace, and is neither passed on nor given back. Stateless.
 */
public final class TraceContext {

    public static final String PARENT = "traceparent";

    private static final String STATE = "tracestate";
    private static final int STATE_CHARS_MAX = 512;

    /** {@code 00-<32 digits>-<16 digits>-<2 digits>}, digits of base 16. */
    private static final int PARENT_CHARS = 55;

    private static final int PARENT_CHARS_MAX = 255;
    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;

    private TraceContext() {}

    /** Both headers as a message carries them; empty where there is no trace. */
    public static Map<String, String> of(HttpHeaders headers) {
        String parent = parent(headers);
        if (parent == null) {
            return Map.of();
        }
        String state = String.join(",", headers.getAll(STATE));
        boolean isCarried = !state.isEmpty() && state.length() <= STATE_CHARS_MAX;
        return isCarried && isPrintable(state)
                ? Map.of(PARENT, parent, STATE, state)
                : Map.of(PARENT, parent);
    }

    /** The trace and who is part of it; null where there is none. */
    public static @Nullable String parent(HttpHeaders headers) {
        String first = headers.get(PARENT);
        if (first == null) {
            return null;
        }
        List<String> all = headers.getAll(PARENT);
        return all.size() == 1 && isParent(first) ? first : null;
    }

    /** The trace's id; {@code -} where there is none. */
    public static String id(HttpHeaders headers) {
        String parent = parent(headers);
        return parent == null ? "-" : parent.substring(TRACE_AT, SPAN_AT - 1);
    }

    private static boolean isParent(String text) {
        boolean isOfThisVersion = text.startsWith("00");
        boolean isOfLength =
                isOfThisVersion
                        ? text.length() == PARENT_CHARS
                        : text.length() >= PARENT_CHARS && text.length() <= PARENT_CHARS_MAX;
        if (!isOfLength || text.startsWith("ff") || !isPrintable(text)) {
            return false;
        }
        boolean isParted =
                text.charAt(TRACE_AT - 1) == '-'
                        && text.charAt(SPAN_AT - 1) == '-'
                        && text.charAt(FLAGS_AT - 1) == '-'
                        && (text.length() == PARENT_CHARS || text.charAt(PARENT_CHARS) == '-');
        return isParted
                && isHex(text, 0, TRACE_AT - 1)
                && isHex(text, FLAGS_AT, PARENT_CHARS)
                && isId(text, TRACE_AT, SPAN_AT - 1)
                && isId(text, SPAN_AT, FLAGS_AT - 1);
    }

    /** Digits, and not all of them zero. */
    private static boolean isId(String text, int from, int to) {
        return isHex(text, from, to) && !text.substring(from, to).chars().allMatch(c -> c == '0');
    }

    private static boolean isHex(String text, int from, int to) {
        return text.substring(from, to)
                .chars()
                .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
