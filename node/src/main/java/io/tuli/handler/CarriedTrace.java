package io.tuli.handler;

import io.tuli.Message;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a message belongs to, in the two headers of W3C's Trace Context: while a handler
 * handles a message that has them, what is sent on its thread has them, too, unless it says others.
 * Thread-safe; each thread has its own. Where no message has such a header, nothing is done.
 */
public final class CarriedTrace {

    /** The trace, and the part of it that calls. */
    public static final String PARENT = "traceparent";

    /** What those who trace say besides. */
    public static final String STATE = "tracestate";

    @SuppressWarnings("ThreadLocalUsage") // there is one a member, for as long as it is there
    private final ThreadLocal<Map<String, String>> current = new ThreadLocal<>();

    /** Whether there was ever one: before, no thread needs to look. */
    private volatile boolean isUsed;

    /** Whether a message with these headers belongs to a trace. */
    static boolean isIn(Map<String, String> headers) {
        return !headers.isEmpty() && headers.containsKey(PARENT);
    }

    /** The two headers among these; empty where there is no trace. */
    static Map<String, String> of(Map<String, String> headers) {
        String parent = headers.get(PARENT);
        if (parent == null) {
            return Map.of();
        }
        String state = headers.get(STATE);
        return state == null ? Map.of(PARENT, parent) : Map.of(PARENT, parent, STATE, state);
    }

    /** Runs a handler on this thread, for a message with these headers. */
    <V> V handling(SortedMap<String, String> headers, Callable<V> handler) throws Exception {
        Map<String, String> trace = of(headers);
        if (trace.isEmpty()) {
            return handler.call();
        }
        isUsed = true;
        Map<String, String> before = current.get();
        current.set(trace);
        try {
            return handler.call();
        } finally {
            if (before == null) {
                current.remove();
            } else {
                current.set(before);
            }
        }
    }

    /** What a message that is sent on this thread carries: its own headers, and the trace. */
    public SortedMap<String, String> onto(SortedMap<String, String> headers) {
        return isUsed ? onto(headers, current.get()) : headers;
    }

    private static SortedMap<String, String> onto(
            SortedMap<String, String> headers, @Nullable Map<String, String> trace) {
        if (trace == null || headers.containsKey(PARENT)) {
            return headers;
        }
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.putAll(trace);
        return more;
    }

    /** A message that is sent because of another with these headers. */
    static Message onto(Message message, Map<String, String> because) {
        Map<String, String> trace = of(because);
        if (trace.isEmpty() || message.headers().containsKey(PARENT)) {
            return message;
        }
        Message traced = message;
        for (Map.Entry<String, String> header : trace.entrySet()) {
            traced = traced.header(header.getKey(), header.getValue());
        }
        return traced;
    }
}
