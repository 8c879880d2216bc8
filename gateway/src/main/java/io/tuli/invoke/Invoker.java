package io.tuli.invoke;

import io.tuli.Call;
import io.tuli.Codec;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of clients calls of the mesh: looks the service up, checks what can be checked here,
 * sends the message, and tells its result as JSON. Thread-safe; never blocks.
 */
public final class Invoker {

    /** What a resource is asked for besides its data, and the id as JSON where it is no text. */
    private static final String QUERY = "query";

    private static final String ID = "id";
    private static final String PROVIDER = "provider";

    private final Exposures exposures;
    private final Codec codec;
    private final Duration within;

    /**
     * Calls what is exposed.
     *
     * @param within so long a call may take
     */
    public Invoker(Exposures exposures, Codec codec, Duration within) {
        this.exposures = exposures;
        this.codec = codec;
        this.within = within;
    }

    /** Writes and reads JSON as the mesh does. */
    public Codec codec() {
        return codec;
    }

    /**
     * Calls a service. Called on the connection's loop, and completes there, with the result as
     * JSON, or with a {@link Refusal} and nothing else. To cancel the future cancels the call.
     */
    public CompletableFuture<Payload> invoke(Invocation invocation) {
        CompletableFuture<Payload> result = new CompletableFuture<>();
        Connection from = invocation.from();
        if (!from.begin()) {
            result.completeExceptionally(
                    Refusal.tooManyRequests(
                            "a connection has at most "
                                    + from.callsMax()
                                    + " calls in flight: wait for answers"));
            return result;
        }
        try {
            Call<Payload> call = call(invocation);
            result.whenComplete(
                    (done, failed) -> {
                        if (result.isCancelled()) {
                            call.cancel();
                        }
                    });
            call.reply()
                    .whenComplete(
                            (reply, failed) ->
                                    from.loop().execute(() -> end(from, result, reply, failed)));
        } catch (RuntimeException refused) {
            end(from, result, null, refused);
        }
        return result;
    }

    private static void end(
            Connection from,
            CompletableFuture<Payload> result,
            @Nullable Payload reply,
            @Nullable Throwable failed) {
        from.end();
        if (failed != null) {
            result.completeExceptionally(ErrorJson.refusal(failed));
        } else {
            result.complete(reply == null || reply.isNone() ? Payload.NULL : reply);
        }
    }

    private Call<Payload> call(Invocation invocation) {
        String path = invocation.path();
        Exposed exposed = exposures.find(path).orElse(null);
        if (exposed == null) {
            String why = exposures.refusal(path);
            throw why == null
                    ? Refusal.notFound("Service '" + Excerpt.of(path) + "' not found")
                    : Refusal.unavailable(
                            "Service '" + path + "' cannot be used by the gateway: " + why);
        }
        requireMethod(invocation);
        Message message = message(invocation);
        Service<?> service = exposed.service();
        boolean isFind = invocation.method().equals(Resource.FIND);
        return exposed.hasDocuments() && !isFind
                ? service.send(message, Payload.class)
                : service.any().send(message, Payload.class);
    }

    private static void requireMethod(Invocation invocation) {
        String method = invocation.method();
        if (!ServiceConfig.isName(method)) {
            throw Refusal.methodNotAllowed(
                    "Method `"
                            + Excerpt.of(method)
                            + "` is not supported by '"
                            + invocation.path()
                            + "'");
        }
    }

    private Message message(Invocation invocation) {
        Invocation.Asked asked = invocation.asked();
        Message message = Message.of(invocation.method(), invocation.data());
        for (Map.Entry<String, String> header : asked.headers().entrySet()) {
            message = message.header(header.getKey(), header.getValue());
        }
        message = message.header(PROVIDER, invocation.from().provider());
        if (!asked.query().isEmpty()) {
            message = message.header(QUERY, codec.encode(asked.query()).toString());
        }
        Object id = invocation.target().id();
        if (id != null) {
            message = message.key(Key.of(String.valueOf(id)));
            if (!(id instanceof String)) {
                message = message.header(ID, codec.encode(id).toString());
            }
        }
        if (asked.requestId() != null) {
            message = message.id(asked.requestId());
        }
        return message.within(within).failFast();
    }
}
