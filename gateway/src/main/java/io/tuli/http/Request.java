package io.tuli.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;

/**
 * A whole request. Nothing of it has been decoded. Immutable where its bytes are.
 *
 * @param head method, target and headers
 * @param body empty where there is none
 */
public record Request(HttpRequest head, byte[] body) {

    /** {@code GET}. */
    public String method() {
        return head.method().name();
    }

    /** The target up to {@code ?}, percent signs and all. */
    public String path() {
        String target = head.uri();
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** What follows {@code ?}; empty where there is none. */
    public String query() {
        String target = head.uri();
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    public HttpHeaders headers() {
        return head.headers();
    }

    /** A header, empty where it is missing. */
    public String header(CharSequence name) {
        String value = head.headers().get(name);
        return value == null ? "" : value;
    }

    /** As Netty has it, for its handshakes. */
    public FullHttpRequest toFull() {
        return new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                Unpooled.wrappedBuffer(body),
                head.headers(),
                DefaultHttpHeadersFactory.trailersFactory().newHeaders());
    }
}
