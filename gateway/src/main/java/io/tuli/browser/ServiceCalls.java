package io.tuli.browser;

import io.tuli.Refusal;
import io.tuli.error.Excerpt;
import io.tuli.invoke.Invocation;
import io.tuli.socketio.SocketClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of a service's own namespace, after cote: {@code /orders} is the service at {@code
 * orders}, the event is the verb, its first argument the data, its second the key.
 */
final class ServiceCalls {

    private static final int ARGUMENTS_MAX = 3;

    private final Asker session;
    private final SocketContext context;

    ServiceCalls(Asker session, SocketContext context) {
        this.session = session;
        this.context = context;
    }

    /** Whether a namespace is a service that is exposed, served now or not. */
    boolean isThere(String namespace) {
        return context.exposures().named().containsKey(pathOf(namespace));
    }

    private static String pathOf(String namespace) {
        return namespace.substring(1);
    }

    void event(String namespace, List<@Nullable Object> arguments, SocketClient.Answer answer) {
        String verb = String.valueOf(arguments.getFirst());
        Object data = arguments.size() > 1 ? arguments.get(1) : null;
        Object key = arguments.size() > 2 ? arguments.get(2) : null;
        boolean isKey = key == null || key instanceof String || key instanceof Number;
        if (arguments.size() > ARGUMENTS_MAX || !isKey) {
            session.fail(
                    answer,
                    Refusal.badRequest(
                            "an event has data and a key, a text or a number: "
                                    + Excerpt.of(arguments)));
            return;
        }
        Invocation invocation =
                new Invocation(
                        session.connection(),
                        session.caller(),
                        new Invocation.Target(pathOf(namespace), verb, key),
                        data,
                        Invocation.Asked.of(Map.of()));
        session.answer(context.invoker().invoke(invocation), answer);
    }
}
