package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Codec;
import io.tuli.Refusal;
import io.tuli.ServiceDescription;
import io.tuli.http.Exchange;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Exposures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /openapi.json}: what is exposed and served now, for programs that make clients of it.
 * Thread-safe.
 */
public final class OpenApiRoute implements Route {

    private static final String PATH = "/openapi.json";

    /** One is made at a time; others wait for it, and get what it has made. */
    private static final long FRESH_NANOS = 1_000_000_000L;

    private final Setting setting;
    private final Semaphore making = new Semaphore(1);
    private volatile @Nullable Made made;

    /**
     * What it is made with.
     *
     * @param loginPath where clients log in; null where they cannot
     * @param describing a service, by its name
     */
    public record Setting(
            Exposures exposures,
            @Nullable String loginPath,
            Function<String, Optional<ServiceDescription>> describing,
            Codec codec) {}

    private record Made(byte[] json, long atNanos) {}

    public OpenApiRoute(Setting setting) {
        this.setting = setting;
    }

    /** A service that was named so is meant itself. */
    @Override
    public boolean takes(HttpRequest head, String path) {
        return path.equals(PATH) && !setting.exposures().named().containsKey(PATH.substring(1));
    }

    @Override
    public void answer(Exchange exchange) {
        String method = exchange.request().method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            Refusal refusal = Refusal.methodNotAllowed("The document is asked for by GET");
            exchange.answer(
                    Response.json(refusal.code(), ErrorJson.bytes(refusal, setting.codec())));
            return;
        }
        Made known = made;
        if (known != null && System.nanoTime() - known.atNanos() < FRESH_NANOS) {
            exchange.answer(whole(known));
            return;
        }
        Thread.ofVirtual()
                .name("tuli-gateway-openapi")
                .start(
                        () -> {
                            Response response = made();
                            exchange.connection().loop().execute(() -> exchange.answer(response));
                        });
    }

    private static Response whole(Made made) {
        return Response.json(200, made.json()).with(HttpHeaderNames.CACHE_CONTROL, "no-cache");
    }

    private Response made() {
        making.acquireUninterruptibly();
        try {
            Made known = made;
            if (known == null || System.nanoTime() - known.atNanos() >= FRESH_NANOS) {
                known = new Made(json(), System.nanoTime());
                made = known;
            }
            return whole(known);
        } catch (RuntimeException failed) {
            Refusal refusal = ErrorJson.refusal(failed);
            return Response.json(refusal.code(), ErrorJson.bytes(refusal, setting.codec()));
        } finally {
            making.release();
        }
    }

    private byte[] json() {
        List<OpenApi.Told> told = new ArrayList<>();
        for (Exposed each : setting.exposures().all()) {
            told.add(told(each));
        }
        return setting.codec().encode(OpenApi.document(told, setting.loginPath())).bytes();
    }

    private OpenApi.Told told(Exposed exposed) {
        ServiceDescription said =
                setting.describing()
                        .apply(exposed.service().name())
                        .orElse(ServiceDescription.NONE);
        Set<String> only = exposed.methods();
        Set<String> methods = new TreeSet<>(said.methods().isEmpty() ? only : said.methods());
        if (!only.isEmpty()) {
            methods.retainAll(only);
        }
        return new OpenApi.Told(
                exposed.path(),
                said.application(),
                said.version(),
                said.methods().isEmpty() && only.isEmpty(),
                methods,
                new TreeSet<>(said.events()),
                exposed.isMany());
    }
}
