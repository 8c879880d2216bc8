package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Codec;
import io.tuli.Refusal;
import io.tuli.http.Exchange;
import io.tuli.http.OwnPage;
import io.tuli.http.Request;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.ErrorJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, as text at {@code /metrics}: to who is at this machine, and to who shows the
 * token that was said; it tells names of services, and what they do. Thread-safe.
 */
public final class MetricsRoute implements Route {

    private static final String PATH = "/metrics";
    private static final String SCHEME = "Bearer ";
    private static final String RETRY_SECONDS = "5";
    private static final int AT_ONCE = 2;

    private final Setting setting;
    private final Semaphore room = new Semaphore(AT_ONCE);

    /**
     * What it is made with.
     *
     * @param text in Prometheus' format; may wait
     * @param token that others than those at this machine show; empty where they cannot
     */
    public record Setting(Supplier<String> text, String token, Codec codec) {}

    public MetricsRoute(Setting setting) {
        this.setting = setting;
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return path.equals(PATH);
    }

    @Override
    public int bodyBytes() {
        return 1;
    }

    @Override
    public void answer(Exchange exchange) {
        Request request = exchange.request();
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            refuse(exchange, Refusal.methodNotAllowed("Metrics are asked for by GET"));
        } else if (!isShown(request) && strange(exchange) != null) {
            refuse(exchange, Refusal.forbidden(strange(exchange) + ", or with their token"));
        } else if (!room.tryAcquire()) {
            refuse(exchange, Refusal.unavailable("As many ask for metrics as may at once"));
        } else {
            Thread.ofVirtual()
                    .name("tuli-gateway-metrics")
                    .start(
                            () -> {
                                Response response = text();
                                room.release();
                                exchange.connection()
                                        .loop()
                                        .execute(() -> exchange.answer(response));
                            });
        }
    }

    /** Why who asks is a stranger; null where it is who sits at this machine. */
    private static @Nullable String strange(Exchange exchange) {
        return OwnPage.refusal(
                exchange.request(), exchange.connection().address(), false, "metrics are");
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(response(refusal));
    }

    private Response response(Refusal refusal) {
        return RefusalResponse.of(refusal, setting.codec(), RETRY_SECONDS)
                .with(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .with("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** Whether it shows the token. */
    private boolean isShown(Request request) {
        String said = request.header(HttpHeaderNames.AUTHORIZATION);
        boolean isToken =
                said.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        && !setting.token().isEmpty();
        return isToken
                && MessageDigest.isEqual(
                        bytes(setting.token()), bytes(said.substring(SCHEME.length()).strip()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Response text() {
        try {
            return Response.text(
                            200, "text/plain; version=0.0.4; charset=utf-8", setting.text().get())
                    .with(HttpHeaderNames.CACHE_CONTROL, "no-store")
                    .with("Cross-Origin-Resource-Policy", "same-origin");
        } catch (Throwable thrown) {
            return response(ErrorJson.refusal(thrown));
        }
    }
}
