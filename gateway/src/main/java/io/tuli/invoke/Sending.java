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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls of clients as messages of the mesh. Thread-safe. */
final class Sending {

    /** What a resource is asked for besides its data, and whether that came as texts. */
    private static final String QUERY = "query";

    private static final String QUERY_TEXTS = "query-texts";

    /** The id as JSON, where it is no text. */
    private static final String ID = "id";

    private static final String PROVIDER = "provider";
    private static final Payload NOTHING = Payload.json("{}");

    private final Codec codec;
    private final Duration within;

    Sending(Codec codec, Duration within) {
        this.codec = codec;
        this.within = within;
    }

    /**
     * Sends a call.
     *
     * @throws Refusal where it cannot be one
     */
    Call<Payload> send(Exposed exposed, Invocation invocation) {
        Message message = message(exposed, invocation);
        Service<?> service = exposed.service();
        boolean isFind = invocation.method().equals(Resource.FIND);
        return exposed.hasDocuments() && !isFind
                ? service.send(message, Payload.class)
                : service.any().send(message, Payload.class);
    }

    /**
     * Requires that a service may have such a method, as far as it can be said here: before it is
     * asked who calls.
     *
     * @throws Refusal 405, or 400 where an id is missing
     */
    static void requireMethod(Exposed exposed, Invocation invocation) {
        String method = invocation.method();
        boolean isHidden = !exposed.methods().isEmpty() && !exposed.methods().contains(method);
        if (isHidden || !ServiceConfig.isName(method)) {
            throw Refusal.methodNotAllowed(
                    "Method `"
                            + Excerpt.of(method)
                            + "` is not supported by '"
                            + Excerpt.of(invocation.path())
                            + "'");
        }
        boolean isOfOne = method.equals(Resource.GET) || method.equals(Resource.UPDATE);
        if (isOfOne && invocation.target().id() == null) {
            throw Refusal.badRequest("id for '" + method + "' can not be undefined");
        }
    }

    private Message message(Exposed exposed, Invocation invocation) {
        Invocation.Asked asked = invocation.asked();
        Message message = Message.of(invocation.method(), data(invocation));
        for (Map.Entry<String, String> header : asked.headers().entrySet()) {
            message = message.header(header.getKey(), header.getValue());
        }
        message = message.header(PROVIDER, invocation.from().provider());
        if (!asked.query().isEmpty()) {
            message = message.header(QUERY, codec.encode(asked.query()).toString());
            message = asked.isOfTexts() ? message.header(QUERY_TEXTS, "true") : message;
        }
        Object id = invocation.target().id();
        if (id != null) {
            String text = String.valueOf(id);
            if (text.isEmpty()) {
                throw Refusal.badRequest("an id has at least one character");
            }
            message = message.key(Key.of(text));
            message =
                    id instanceof String
                            ? message
                            : message.header(ID, codec.encode(id).toString());
        }
        if (id == null && exposed.hasDocuments() && isOwn(invocation.method())) {
            message = message.key(Key.of(idOf(invocation)));
        }
        if (asked.requestId() != null) {
            message = message.id(requestId(invocation, asked.requestId()));
        }
        Caller caller = invocation.caller();
        return message.as(caller.told(invocation.from().provider())).within(within).failFast();
    }

    private static boolean isOwn(String method) {
        return switch (method) {
            case Resource.FIND,
                    Resource.GET,
                    Resource.CREATE,
                    Resource.UPDATE,
                    Resource.PATCH,
                    Resource.REMOVE ->
                    false;
            default -> true;
        };
    }

    /** What a method of a service's own is of: what its data say, else nothing there is. */
    private String idOf(Invocation invocation) {
        Object data = invocation.data();
        Object values = data instanceof Payload json ? codec.decode(json, Object.class) : data;
        Object id = values instanceof Map<?, ?> object ? object.get("id") : null;
        boolean isId = id instanceof String || id instanceof Number;
        String text = isId ? String.valueOf(id) : "";
        return text.isEmpty() ? UUID.randomUUID().toString() : text;
    }

    /** A name that is the caller's own: others that choose the same mean another request. */
    private static String requestId(Invocation invocation, String given) {
        Object subject = invocation.caller().claims().get("sub");
        return String.join(
                "\n",
                "gateway",
                invocation.path(),
                invocation.method(),
                subject == null ? "" : String.valueOf(subject),
                given);
    }

    /** Methods that have data have at least an empty object. */
    private static @Nullable Object data(Invocation invocation) {
        return switch (invocation.method()) {
            case Resource.FIND, Resource.GET, Resource.REMOVE -> null;
            default -> invocation.data() == null ? NOTHING : invocation.data();
        };
    }
}
