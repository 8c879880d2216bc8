package io.tuli.invoke;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a client to a service. Immutable where its data are.
 *
 * @param from the connection it came by, and is answered by
 * @param caller who calls; a connection can carry calls of several
 * @param target what is called
 * @param data JSON-like values or a {@code Payload} of JSON; null for none
 * @param asked what is said besides
 */
public record Invocation(
        Connection from, Caller caller, Target target, @Nullable Object data, Asked asked) {

    /**
     * What is called.
     *
     * @param path of the service, decoded and without outer slashes
     * @param method by its name in Feathers, or one of the service's own
     * @param id a text, or a number where the transport knows the difference; null for none
     */
    public record Target(String path, String method, @Nullable Object id) {}

    /**
     * What is said besides.
     *
     * @param query empty for none
     * @param isOfTexts whether all values of the query are texts, as those of an URL
     * @param headers that the service is told, by their names in lower case
     * @param requestId under which a repeat of the same caller is recognised; null for none
     */
    public record Asked(
            Map<String, @Nullable Object> query,
            boolean isOfTexts,
            Map<String, String> headers,
            @Nullable String requestId) {

        /** Only a query whose values have their types. */
        public static Asked of(Map<String, @Nullable Object> query) {
            return new Asked(query, false, Map.of(), null);
        }
    }

    /** The same with another query. */
    public Invocation asked(Asked other) {
        return new Invocation(from, caller, target, data, other);
    }

    /** One of several that one call means: a repeat of the call is a repeat of each. */
    Invocation part(int number) {
        String whole = asked.requestId;
        return whole == null
                ? this
                : asked(
                        new Asked(
                                asked.query,
                                asked.isOfTexts,
                                asked.headers,
                                whole + "\n" + (target.id == null ? number : target.id)));
    }

    /** The same with other data. */
    public Invocation data(@Nullable Object other) {
        return new Invocation(from, caller, target, other, asked);
    }

    /** The same with another id. */
    public Invocation id(@Nullable Object other) {
        return new Invocation(
                from, caller, new Target(target.path, target.method, other), data, asked);
    }

    /** The same of another caller. */
    public Invocation caller(Caller other) {
        return new Invocation(from, other, target, data, asked);
    }

    public String path() {
        return target.path();
    }

    public String method() {
        return target.method();
    }

    /** A path without the slashes around it. */
    public static String stripped(String path) {
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        return path.substring(from, to);
    }
}
