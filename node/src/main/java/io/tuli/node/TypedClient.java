package io.tuli.node;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Query;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.contract.Contract;
import io.tuli.contract.VerbMethod;
import io.tuli.error.Excerpt;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A service behind a plain interface: each method sends a message. Thread-safe. */
final class TypedClient<C> implements InvocationHandler {

    private final Contract<C> contract;
    private final Service<?> service;
    private final JsonCodec codec;

    private TypedClient(Contract<C> contract, Service<?> service, JsonCodec codec) {
        this.contract = contract;
        this.service = service;
        this.codec = codec;
    }

    static <C> C of(Contract<C> contract, Service<?> service, JsonCodec codec) {
        Class<C> type = contract.type();
        Object proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        new TypedClient<>(contract, service, codec));
        return type.cast(proxy);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
            throws Throwable {
        @Nullable Object[] arguments = given == null ? new Object[0] : given;
        VerbMethod verb = contract.of(method);
        if (verb != null) {
            return send(verb, arguments);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return switch (method.getName()) {
            case "equals" -> isThis(arguments[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "client " + contract.type().getTypeName() + " of " + service.name();
        };
    }

    private boolean isThis(@Nullable Object other) {
        return other != null
                && Proxy.isProxyClass(other.getClass())
                && Proxy.getInvocationHandler(other).equals(this);
    }

    private @Nullable Object send(VerbMethod verb, @Nullable Object[] arguments) {
        Object body = verb.body(arguments);
        Message message = Message.of(verb.verb(), body instanceof Query query ? query.raw() : body);
        if (verb.keyAt() >= 0) {
            message = message.key(key(verb, arguments[verb.keyAt()]));
        }
        if (verb.reply() instanceof Class<?> type) {
            return given(verb, service.send(message, type));
        }
        Call<Payload> call = service.send(message, Payload.class);
        return verb.returns() == VerbMethod.Returns.STAGE
                ? call.reply().thenApply(reply -> read(verb, reply))
                : read(verb, call.await());
    }

    private static @Nullable Object given(VerbMethod verb, Call<?> call) {
        return switch (verb.returns()) {
            case VALUE -> present(verb, call.await());
            case NOTHING -> {
                call.await();
                yield null;
            }
            case STAGE -> call.reply();
            case CALL -> call;
            case PUBLISHER -> call.replies();
        };
    }

    /** A primitive has no null to say that nothing was answered. */
    private static @Nullable Object present(VerbMethod verb, @Nullable Object reply) {
        if (reply == null && verb.method().getReturnType().isPrimitive()) {
            throw new TuliException(
                    Outcome.OK,
                    Failure.BAD_REQUEST,
                    "executed, but its reply is nothing: method=" + verb.method());
        }
        return reply;
    }

    private static Key key(VerbMethod verb, @Nullable Object given) {
        if (given instanceof Key key) {
            return key;
        }
        if (given == null) {
            throw new IllegalArgumentException("a key is not null: method=" + verb.method());
        }
        return Key.of(given.toString());
    }

    private @Nullable Object read(VerbMethod verb, @Nullable Payload reply) {
        try {
            return reply == null ? null : codec.decode(reply, verb.reply());
        } catch (TuliException unreadable) {
            throw new TuliException(
                    Outcome.OK,
                    Failure.BAD_REQUEST,
                    Excerpt.detail(
                            "executed, but its reply cannot be read as "
                                    + verb.reply().getTypeName()
                                    + ": "
                                    + unreadable.getMessage()));
        }
    }
}
