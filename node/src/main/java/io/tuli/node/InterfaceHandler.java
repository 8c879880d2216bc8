package io.tuli.node;

import io.tuli.Call;
import io.tuli.Handler;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Turn;
import io.tuli.contract.Contract;
import io.tuli.contract.VerbMethod;
import io.tuli.error.Excerpt;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An object as the handler of a service: each verb is a method of its interface. Thread-safe where
 * the object is.
 */
final class InterfaceHandler<T, C> implements Handler<T> {

    private final Contract<C> contract;
    private final C served;

    InterfaceHandler(Class<C> type, C served) {
        this.contract = Contract.of(type);
        this.served = served;
    }

    @Override
    public @Nullable Object handle(Message message, Turn<T> turn) throws Exception {
        VerbMethod method = contract.of(message.verb());
        if (method == null) {
            return turn.pass();
        }
        try {
            Object answer = method.method().invoke(served, arguments(method, message, turn));
            return answer instanceof Call<?> call ? call.reply() : answer;
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            throw thrown.getCause() instanceof Exception cause
                    ? cause
                    : new CompletionException(thrown.getCause());
        }
    }

    private static @Nullable Object[] arguments(VerbMethod method, Message message, Turn<?> turn) {
        Class<?>[] types = method.method().getParameterTypes();
        @Nullable Object[] arguments = new Object[types.length];
        if (method.keyAt() >= 0) {
            boolean isText = types[method.keyAt()] == String.class;
            arguments[method.keyAt()] = isText ? message.key().top() : message.key();
        }
        List<Integer> bodyAt = method.bodyAt();
        if (method.names().isEmpty()) {
            for (int at : bodyAt) {
                arguments[at] = present(method, at, message.body(types[at]), types[at]);
            }
            return arguments;
        }
        Object body = message.body(Object.class);
        if (!(body instanceof Map<?, ?> members)) {
            throw Refusal.badRequest(
                    message.verb()
                            + " takes an object of "
                            + method.names()
                            + ": "
                            + Excerpt.of(String.valueOf(body)));
        }
        for (int i = 0; i < bodyAt.size(); i++) {
            int at = bodyAt.get(i);
            Object value = turn.convert(members.get(method.names().get(i)), types[at]);
            arguments[at] = present(method, at, value, types[at]);
        }
        return arguments;
    }

    /** No primitive is null. */
    private static @Nullable Object present(
            VerbMethod method, int at, @Nullable Object value, Class<?> type) {
        if (value == null && type.isPrimitive()) {
            throw Refusal.badRequest(
                    method.verb() + " needs a " + type + " as its argument " + (at + 1));
        }
        return value;
    }
}
