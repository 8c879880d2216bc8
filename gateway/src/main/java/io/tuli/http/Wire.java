package io.tuli.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Responses as Netty has them. Stateless. */
final class Wire {

    private Wire() {}

    /**
     * What goes out.
     *
     * @param method of the request
     * @param isKept whether the connection goes on
     */
    static FullHttpResponse of(Response response, HttpMethod method, boolean isKept) {
        boolean isHead = method.equals(HttpMethod.HEAD);
        FullHttpResponse full =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()),
                        DefaultHttpHeadersFactory.headersFactory(),
                        DefaultHttpHeadersFactory.trailersFactory());
        HttpHeaders headers = full.headers();
        response.headers().forEach(headers::set);
        if (hasBody(response.status())) {
            headers.setInt(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        }
        if (!isKept) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return full;
    }

    private static boolean hasBody(int status) {
        return status >= 200 && status != 204 && status != 304;
    }

    /** An error of the server's own, in the form of Feathers. */
    static Response error(int status, String name, String message) {
        StringBuilder className = new StringBuilder();
        for (int at = 0; at < name.length(); at++) {
            char letter = name.charAt(at);
            if (Character.isUpperCase(letter) && !className.isEmpty()) {
                className.append('-');
            }
            className.append(Character.toLowerCase(letter));
        }
        return Response.text(
                status,
                Response.JSON,
                "{\"name\":\""
                        + name
                        + "\",\"message\":\""
                        + message
                        + "\",\"code\":"
                        + status
                        + ",\"className\":\""
                        + className
                        + "\"}");
    }
}
