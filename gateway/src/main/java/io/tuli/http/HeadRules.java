package io.tuli.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/** What a request's head must be, and what is said to one that is not. Stateless. */
final class HeadRules {

    private HeadRules() {}

    /** Null where nothing is wrong. */
    static @Nullable Response refusal(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            return malformed(head.decoderResult().cause());
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Wire.error(505, "VersionNotSupported", "HTTP/1.1 is spoken here");
        }
        HttpHeaders headers = head.headers();
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && version.equals(HttpVersion.HTTP_1_1))) {
            return bad("a request has one Host");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && !isChunked(head)) {
            return bad("a Transfer-Encoding is chunked, once, and of HTTP/1.1");
        }
        String expected = headers.get(HttpHeaderNames.EXPECT);
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            return Wire.error(417, "ExpectationFailed", "only 100-continue can be expected");
        }
        if (!head.uri().startsWith("/") && !isAsterisk(head)) {
            return bad("a target begins with /");
        }
        return null;
    }

    private static boolean isChunked(HttpRequest head) {
        var all = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return all.size() == 1
                && all.getFirst().equalsIgnoreCase("chunked")
                && head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    private static boolean isAsterisk(HttpRequest head) {
        return head.method().equals(HttpMethod.OPTIONS) && head.uri().equals("*");
    }

    private static Response bad(String message) {
        return Wire.error(400, "BadRequest", message);
    }

    static Response malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Wire.error(
                    414, "UriTooLong", "a first line has at most " + HttpLimits.LINE_BYTES);
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Wire.error(
                    431, "HeadersTooLarge", "headers have at most " + HttpLimits.HEADER_BYTES);
        }
        return bad("The request is malformed");
    }

    static Response tooLarge(int bytesMax) {
        return Wire.error(413, "PayloadTooLarge", "a body has at most " + bytesMax + " bytes");
    }

    static Response crowded() {
        return Wire.error(503, "Unavailable", "The gateway has no room for it now")
                .with(HttpHeaderNames.RETRY_AFTER, "1");
    }

    static Response slow() {
        return Wire.error(408, "Timeout", "The request did not come in time");
    }
}
