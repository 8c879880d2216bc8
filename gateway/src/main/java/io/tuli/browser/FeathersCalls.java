package io.tuli.browser;

import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.error.Excerpt;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.Login;
import io.tuli.socketio.SocketClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Events of the main namespace as Feathers' clients mean them: method, path, then id, data and
 * query as the method has them. {@code authentication} is the session's own.
 */
final class FeathersCalls {

    static final String NAMESPACE = "/";

    private static final Set<String> WITH_ID =
            Set.of(Resource.GET, Resource.UPDATE, Resource.PATCH, Resource.REMOVE);
    private static final Set<String> WITHOUT_DATA =
            Set.of(Resource.FIND, Resource.GET, Resource.REMOVE);

    private final Asker session;
    private final SocketContext context;

    FeathersCalls(Asker session, SocketContext context) {
        this.session = session;
        this.context = context;
    }

    void event(List<@Nullable Object> arguments, SocketClient.Answer answer) {
        Invocation invocation;
        try {
            invocation = invocation(arguments);
        } catch (Refusal refused) {
            session.fail(answer, refused);
            return;
        }
        call(invocation, answer);
    }

    /** A call, or a login. */
    void call(Invocation invocation, SocketClient.Answer answer) {
        if (invocation.path().equals(context.logins().path())) {
            authentication(invocation, answer);
        } else {
            session.answer(context.invoker().invoke(invocation), answer);
        }
    }

    private Invocation invocation(List<@Nullable Object> arguments) {
        String method = String.valueOf(arguments.getFirst());
        if (arguments.size() < 2 || !(arguments.get(1) instanceof String path)) {
            throw Refusal.notFound("Invalid service path");
        }
        int at = 2;
        Object id = null;
        if (WITH_ID.contains(method)) {
            id = idOf(argument(arguments, at++));
        }
        Object data = WITHOUT_DATA.contains(method) ? null : argument(arguments, at++);
        Object query = argument(arguments, at++);
        if (arguments.size() > at) {
            throw Refusal.badRequest("Too many arguments for '" + Excerpt.of(method) + "' method");
        }
        return new Invocation(
                session.connection(),
                session.caller(),
                new Invocation.Target(Invocation.stripped(path), method, id),
                data,
                Invocation.Asked.of(queryOf(query)));
    }

    private static @Nullable Object argument(List<@Nullable Object> arguments, int at) {
        return at < arguments.size() ? arguments.get(at) : null;
    }

    static @Nullable Object idOf(@Nullable Object id) {
        if (id == null || id instanceof String || id instanceof Number) {
            return id;
        }
        throw Refusal.badRequest("an id is a text or a number: " + Excerpt.of(id));
    }

    static Map<String, @Nullable Object> queryOf(@Nullable Object query) {
        if (query == null) {
            return Map.of();
        }
        if (!(query instanceof Map<?, ?> map)) {
            throw Refusal.badRequest("a query is an object: " + Excerpt.of(query));
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        map.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }

    // ---- logging in and out --------------------------------------------------------------------

    private void authentication(Invocation invocation, SocketClient.Answer answer) {
        switch (invocation.method()) {
            case Resource.CREATE -> {
                CompletableFuture<Login> proof =
                        context.logins().authenticate(invocation.data(), session.connection());
                CompletableFuture<Payload> result = new CompletableFuture<>();
                proof.whenComplete((login, failed) -> proven(login, failed, result));
                session.answer(result, answer);
            }
            case Resource.REMOVE -> logout(invocation.target().id(), answer);
            default ->
                    session.fail(
                            answer,
                            Refusal.methodNotAllowed(
                                    "Method '"
                                            + Excerpt.of(invocation.method())
                                            + "' not allowed on service '"
                                            + invocation.path()
                                            + "'"));
        }
    }

    private void proven(
            @Nullable Login login, @Nullable Throwable failed, CompletableFuture<Payload> result) {
        if (login == null) {
            result.completeExceptionally(
                    failed == null ? Refusal.notAuthenticated("Not authenticated") : failed);
        } else {
            session.bind(login);
            result.complete(login.result());
        }
    }

    private void logout(@Nullable Object token, SocketClient.Answer answer) {
        Login login = session.login();
        if (login == null) {
            session.fail(answer, Refusal.notAuthenticated("Not authenticated"));
        } else if (token != null && !token.equals(login.token())) {
            session.fail(answer, Refusal.notAuthenticated("Invalid access token"));
        } else {
            session.unbind();
            session.succeed(answer, login.result());
        }
    }
}
