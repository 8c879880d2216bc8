package io.tuli.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole response. Length, date, CORS and the end of the connection are the server's to say.
 *
 * @param status 200..599
 * @param body not written to any more
 * @param headers besides those
 */
public record Response(int status, byte[] body, Map<String, String> headers) {

    public static final String JSON = "application/json; charset=utf-8";

    private static final byte[] EMPTY = {};

    public Response {
        headers = Map.copyOf(headers);
    }

    public static Response empty(int status) {
        return new Response(status, EMPTY, Map.of());
    }

    /** JSON, as it was encoded. */
    public static Response json(int status, byte[] json) {
        return of(status, JSON, json);
    }

    public static Response text(int status, String type, String text) {
        return of(status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response of(int status, String type, byte[] body) {
        return new Response(status, body, Map.of(HttpHeaderNames.CONTENT_TYPE.toString(), type));
    }

    /** The same with a header. */
    public Response with(CharSequence name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name.toString(), value);
        return new Response(status, body, more);
    }
}
