package io.tuli.rest;

import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.http.Exchange;
import io.tuli.http.Request;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.Caller;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.Invoker;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Services as resources of HTTP: the last route, which takes everything. Thread-safe. */
public final class RestRoute implements Route {

    private final Invoker invoker;
    private final ServicePaths paths;

    public RestRoute(Invoker invoker, ServicePaths paths) {
        this.invoker = invoker;
        this.paths = paths;
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return true;
    }

    @Override
    public void answer(Exchange exchange) {
        try {
            invoke(exchange);
        } catch (Refusal refused) {
            refuse(exchange, refused);
        }
    }

    private void invoke(Exchange exchange) {
        Request request = exchange.request();
        ServicePaths.Found found = paths.find(request.path());
        String method = RestMethods.of(request, found.id());
        Invocation invocation =
                new Invocation(
                        exchange.connection(),
                        Caller.ANONYMOUS,
                        new Invocation.Target(found.path(), method, found.id()),
                        data(request),
                        new Invocation.Asked(Map.of(), true, Map.of(), null));
        CompletableFuture<Payload> result = invoker.invoke(invocation);
        exchange.onGone(() -> result.cancel(true));
        result.whenComplete((reply, failed) -> tell(exchange, method, reply, failed));
    }

    private static @Nullable Payload data(Request request) {
        return request.body().length == 0 ? null : Payload.of(Payload.Format.JSON, request.body());
    }

    private void tell(
            Exchange exchange, String method, @Nullable Payload reply, @Nullable Throwable failed) {
        if (failed != null) {
            refuse(exchange, ErrorJson.refusal(failed));
        } else if (reply == null || ErrorJson.isNothing(reply)) {
            exchange.answer(Response.empty(204));
        } else {
            exchange.answer(Response.json(method.equals("create") ? 201 : 200, reply.bytes()));
        }
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(Response.json(refusal.code(), ErrorJson.bytes(refusal, invoker.codec())));
    }
}
