package io.tuli.http;

import io.netty.handler.codec.http.HttpRequest;

/** One part of what a server answers. Called on the connection's loop, which it never blocks. */
public interface Route {

    /**
     * Whether requests with this head are for it. Preflights do not come here.
     *
     * @param path of the request, not decoded
     */
    boolean takes(HttpRequest head, String path);

    /** So large a body of a request that it takes may be; 0 for the server's own limit. */
    default int bodyBytes() {
        return 0;
    }

    /** What the access log says that was asked for: the path, unless something in it is a value. */
    default String shown(Request request) {
        return request.path();
    }

    /** Answers a request that it takes, now or later. What it throws is a 500. */
    void answer(Exchange exchange);
}
