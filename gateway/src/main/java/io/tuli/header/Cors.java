package io.tuli.header;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;

/**
 * Which pages of other origins may read what is answered. Immutable.
 *
 * @param origins such as {@code https://shop.example}; empty for any, none of which may send
 *     cookies then
 */
public record Cors(Set<String> origins) {

    private static final String METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE";
    private static final String EXPOSED = "Retry-After";
    private static final String AGE_SECONDS = "600";

    /** Every origin. */
    public static final Cors ANY = new Cors(Set.of());

    public Cors {
        origins = Set.copyOf(origins);
    }

    /**
     * Whether a page may use the server.
     *
     * @param headers of its request; those that no page has sent have no origin, and may
     */
    public boolean allows(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin == null || origins.isEmpty() || origins.contains(origin);
    }

    /** Puts on a response what a browser asks of it. */
    public void put(HttpHeaders request, HttpHeaders response) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (origins.isEmpty()) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        } else {
            response.add(HttpHeaderNames.VARY, "Origin");
            if (origin == null || !origins.contains(origin)) {
                return;
            }
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }

    /** Puts on the answer to a preflight what it asks for. */
    public void putPreflight(HttpHeaders request, HttpHeaders response) {
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, AGE_SECONDS)
                .add(HttpHeaderNames.VARY, "Access-Control-Request-Headers");
        String wanted = request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (wanted != null) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        }
    }
}
