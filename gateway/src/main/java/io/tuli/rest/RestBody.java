package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tuli.Codec;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.TuliException;
import io.tuli.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The data of a request, as JSON. Stateless. */
final class RestBody {

    private static final Payload NOTHING = Payload.json("{}");
    private static final String FORM = "application/x-www-form-urlencoded";

    private RestBody() {}

    /**
     * Reads what came: no body is an empty object.
     *
     * @throws Refusal 400 where it is malformed, 415 where it is neither JSON nor a form
     */
    static Payload of(Request request, Codec codec) {
        if (request.body().length == 0) {
            return NOTHING;
        }
        String encoding = request.header(HttpHeaderNames.CONTENT_ENCODING);
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("a body is not compressed: Content-Encoding");
        }
        String type = request.header(HttpHeaderNames.CONTENT_TYPE).toLowerCase(Locale.ROOT);
        int end = type.indexOf(';');
        String essence = (end < 0 ? type : type.substring(0, end)).strip();
        if (type.contains("charset=") && !type.contains("utf-8") && !type.contains("utf8")) {
            throw unsupported("a body is UTF-8: Content-Type");
        }
        if (essence.equals(FORM)) {
            return form(request, codec);
        }
        if (essence.isEmpty() || essence.equals("application/json") || isJson(essence)) {
            return json(request, codec);
        }
        throw unsupported("a body is application/json or " + FORM + ": Content-Type");
    }

    private static boolean isJson(String essence) {
        return essence.startsWith("application/") && essence.endsWith("+json");
    }

    private static Refusal unsupported(String message) {
        return Refusal.of(415, "UnsupportedMediaType", message);
    }

    private static Payload form(Request request, Codec codec) {
        Map<String, ?> values = QueryText.parse(new String(request.body(), StandardCharsets.UTF_8));
        return codec.encode(values);
    }

    private static Payload json(Request request, Codec codec) {
        try {
            return codec.encode(Payload.of(Payload.Format.JSON, request.body()));
        } catch (TuliException malformed) {
            throw Refusal.badRequest("The body is no JSON, or nests too deep");
        }
    }
}
