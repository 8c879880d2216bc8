package io.tuli.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as browsers get it: it may load what its own origin has, and nothing else; nobody shows it
 * in a frame; and it is asked for again whether it has changed.
 *
 * @param tag of its bytes
 * @param whole the response that carries it
 * @param unchanged the response to who has it already
 */
public record Page(String tag, Response whole, Response unchanged) {

    /** For pages that a gateway gives out. */
    public static final String OWN_ORIGIN =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'";

    private static final int TAG_BYTES = 12;

    /**
     * Made of a file.
     *
     * @param policy what it may load, as a Content-Security-Policy
     * @param body not written to any more
     */
    public static Page of(String type, byte[] body, String policy) {
        String tag = '"' + digest(body) + '"';
        return new Page(
                tag,
                headed(Response.of(200, type, body), tag, policy),
                headed(Response.empty(304), tag, policy));
    }

    private static Response headed(Response response, String tag, String policy) {
        return response.with(HttpHeaderNames.ETAG, tag)
                .with(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .with("Content-Security-Policy", policy)
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("Referrer-Policy", "no-referrer");
    }

    private static String digest(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** The type of a file, by the end of its name. */
    public static String typeOf(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1);
        return switch (end) {
            case "html" -> "text/html; charset=utf-8";
            case "js", "mjs" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "json" -> Response.JSON;
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "txt" -> "text/plain; charset=" + StandardCharsets.UTF_8.name();
            default -> "application/octet-stream";
        };
    }

    /** What answers a request for it. */
    public Response to(Request request) {
        boolean isKnown = request.header(HttpHeaderNames.IF_NONE_MATCH).contains(tag);
        return isKnown ? unchanged : whole;
    }
}
