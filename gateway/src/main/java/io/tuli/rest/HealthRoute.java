package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Codec;
import io.tuli.Refusal;
import io.tuli.http.Exchange;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Exposures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether the gateway is well, for whoever starts and stops it, and whether somebody answers for
 * each service that is exposed, as feathers-distributed has it. Thread-safe.
 */
public final class HealthRoute implements Route {

    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String CHECK = "/distribution/healthcheck";

    /** Of a durable service whose servers are not all back. */
    private static final String WAITING = "waiting";

    private final Setting setting;

    /**
     * What it is made with.
     *
     * @param keys names of services by the key that asks for them together
     * @param isReady whether clients should come
     * @param isAnswering whether somebody answers for a service of that name
     * @param whyWaiting for which servers it waits that are not back; empty if for none
     */
    public record Setting(
            Exposures exposures,
            Map<String, Set<String>> keys,
            BooleanSupplier isReady,
            Function<String, CompletableFuture<Boolean>> isAnswering,
            Function<String, String> whyWaiting,
            Codec codec) {}

    public HealthRoute(Setting setting) {
        this.setting = setting;
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return path.equals(LIVE)
                || path.equals(READY)
                || path.equals(CHECK)
                || path.startsWith(CHECK + "/");
    }

    @Override
    public void answer(Exchange exchange) {
        String method = exchange.request().method();
        String path = exchange.request().path();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            refuse(exchange, Refusal.methodNotAllowed("Health is asked for by GET"));
        } else if (path.equals(LIVE)) {
            tell(exchange, 200, Map.of("live", true));
        } else if (path.equals(READY)) {
            boolean isReady = setting.isReady().getAsBoolean();
            tell(exchange, isReady ? 200 : 503, Map.of("ready", isReady));
        } else {
            check(exchange, path.substring(CHECK.length()).replace("/", ""));
        }
    }

    private void check(Exchange exchange, String key) {
        Map<String, String> services = servicesOf(key);
        if (services.isEmpty()) {
            refuse(exchange, Refusal.notFound("No service of this key is there"));
            return;
        }
        Map<String, CompletableFuture<Object>> asked = new LinkedHashMap<>();
        StringBuilder waiting = new StringBuilder();
        services.forEach(
                (path, name) -> {
                    String why = setting.whyWaiting().apply(name);
                    waiting.append(why.isEmpty() ? "" : "; " + name + ": " + why);
                    asked.put(
                            path,
                            why.isEmpty()
                                    ? setting.isAnswering().apply(name).thenApply(is -> is)
                                    : CompletableFuture.completedFuture(WAITING));
                });
        CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .whenComplete(
                        (done, failed) ->
                                exchange.connection()
                                        .loop()
                                        .execute(
                                                () ->
                                                        checked(
                                                                exchange,
                                                                asked,
                                                                waiting.toString())));
    }

    /** Names of those that somebody serves, by path. */
    private Map<String, String> servicesOf(String key) {
        Set<String> named = new TreeSet<>();
        if (key.isEmpty()) {
            setting.keys().values().forEach(named::addAll);
        } else {
            named.addAll(setting.keys().getOrDefault(key, Set.of(key)));
        }
        boolean isAll = key.isEmpty() && setting.keys().isEmpty();
        Map<String, String> services = new TreeMap<>();
        for (Exposed each : setting.exposures().all()) {
            String name = each.service().name();
            if (isAll || named.contains(name)) {
                services.put(each.path(), name);
            }
        }
        return services;
    }

    private void checked(
            Exchange exchange, Map<String, CompletableFuture<Object>> asked, String waiting) {
        Map<String, Object> answers = new TreeMap<>();
        asked.forEach(
                (path, answer) ->
                        answers.put(
                                path, answer.isCompletedExceptionally() ? false : answer.join()));
        if (answers.containsValue(false) || !waiting.isEmpty()) {
            String what = "A service does not answer" + waiting;
            refuse(exchange, Refusal.unavailable(what).data(answers));
        } else {
            tell(exchange, 200, answers);
        }
    }

    private void tell(Exchange exchange, int status, @Nullable Object value) {
        Response response = Response.json(status, setting.codec().encode(value).bytes());
        exchange.answer(response.with(HttpHeaderNames.CACHE_CONTROL, "no-store"));
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(
                Response.json(refusal.code(), ErrorJson.bytes(refusal, setting.codec()))
                        .with(HttpHeaderNames.CACHE_CONTROL, "no-store"));
    }
}
