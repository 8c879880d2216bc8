package io.tuli.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Map;

/** Files at paths that were said beforehand: nothing is looked for on a disk. Stateless. */
public final class PagesRoute implements Route {

    private final Map<String, Page> pages;

    /**
     * Gives out these.
     *
     * @param pages by path, as it is asked for
     */
    public PagesRoute(Map<String, Page> pages) {
        this.pages = Map.copyOf(pages);
    }

    /** Only who reads a file: other methods of the path may be a service's. */
    @Override
    public boolean takes(HttpRequest head, String path) {
        boolean isReading =
                head.method().equals(HttpMethod.GET) || head.method().equals(HttpMethod.HEAD);
        boolean isStream =
                head.headers().get(HttpHeaderNames.ACCEPT, "").contains("text/event-stream");
        return isReading && !isStream && pages.containsKey(path);
    }

    @Override
    public void answer(Exchange exchange) {
        Request request = exchange.request();
        Page page = pages.get(request.path());
        exchange.answer(
                page == null ? Wire.error(404, "NotFound", "Page not found") : page.to(request));
    }
}
