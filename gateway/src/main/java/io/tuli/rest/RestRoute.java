package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.header.TraceContext;
import io.tuli.http.Exchange;
import io.tuli.http.Request;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.Caller;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.Invoker;
import io.tuli.invoke.Logins;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Services as resources of HTTP: the last route, which takes everything. Thread-safe. */
public final class RestRoute implements Route {

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String RETRY_SECONDS = "1";

    private final Setting setting;
    private final ServicePaths paths;

    /**
     * What it is made with.
     *
     * @param headers in lower case, that services are told where a request has them
     */
    public record Setting(
            Invoker invoker, Exposures exposures, Logins logins, Set<String> headers) {

        public Setting {
            headers = Set.copyOf(headers);
        }
    }

    public RestRoute(Setting setting) {
        this.setting = setting;
        this.paths = new ServicePaths(path -> setting.exposures().find(path).isPresent());
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return true;
    }

    @Override
    public String shown(Request request) {
        return paths.shown(request.path());
    }

    @Override
    public void answer(Exchange exchange) {
        try {
            Request request = exchange.request();
            ServicePaths.Found found = paths.find(request.path());
            String method = RestMethods.of(request, found.id());
            Accepted.require(request);
            boolean hasData = !RestMethods.isWithoutData(method);
            Payload data = hasData ? RestBody.of(request, setting.invoker().codec()) : null;
            Invocation invocation =
                    new Invocation(
                            exchange.connection(),
                            Caller.ANONYMOUS,
                            new Invocation.Target(found.path(), method, id(method, found)),
                            data,
                            asked(request));
            identified(exchange, invocation);
        } catch (Refusal refused) {
            refuse(exchange, refused);
        }
    }

    /** An id behind the path of what is created means nothing. */
    private static @Nullable String id(String method, ServicePaths.Found found) {
        return method.equals(Resource.CREATE) ? null : found.id();
    }

    private Invocation.Asked asked(Request request) {
        Map<String, String> told = new LinkedHashMap<>();
        for (String name : setting.headers()) {
            String value = request.headers().get(name);
            if (value != null) {
                told.put(name.toLowerCase(Locale.ROOT), value);
            }
        }
        told.putAll(TraceContext.of(request.headers()));
        String key = request.headers().get(IDEMPOTENCY_KEY);
        return new Invocation.Asked(QueryText.parse(request.query()), true, told, key);
    }

    private void identified(Exchange exchange, Invocation invocation) {
        String authorization = exchange.request().header(HttpHeaderNames.AUTHORIZATION);
        if (authorization.isEmpty() || setting.logins().path() == null) {
            invoke(exchange, invocation);
            return;
        }
        setting.logins()
                .verify(authorization, exchange.connection())
                .whenComplete(
                        (login, failed) ->
                                invoke(exchange, invocation.caller(Caller.proven(login, failed))));
    }

    private void invoke(Exchange exchange, Invocation invocation) {
        exchange.by(invocation.caller());
        CompletableFuture<Payload> result = setting.invoker().invoke(invocation);
        exchange.onGone(() -> result.cancel(true));
        result.whenComplete((reply, failed) -> tell(exchange, invocation.method(), reply, failed));
    }

    private void tell(
            Exchange exchange, String method, @Nullable Payload reply, @Nullable Throwable failed) {
        if (failed != null) {
            refuse(exchange, ErrorJson.refusal(failed));
        } else if (reply == null || ErrorJson.isNothing(reply)) {
            exchange.answer(Response.empty(204));
        } else if (reply.format() == Payload.Format.OPAQUE) {
            exchange.answer(Response.of(200, "application/octet-stream", reply.bytes()));
        } else {
            int status = method.equals(Resource.CREATE) ? 201 : 200;
            exchange.answer(Response.json(status, reply.bytes()));
        }
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(RefusalResponse.of(refusal, setting.invoker().codec(), RETRY_SECONDS));
    }
}
