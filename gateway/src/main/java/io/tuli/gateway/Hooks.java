package io.tuli.gateway;

import io.tuli.Codec;
import io.tuli.Payload;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.InvocationHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Users' hooks as hooks of invocations. Thread-safe. */
final class Hooks {

    private final Codec codec;

    Hooks(Codec codec) {
        this.codec = codec;
    }

    Map<String, List<InvocationHook>> of(Map<String, List<GatewayHook>> hooks) {
        Map<String, List<InvocationHook>> all = new TreeMap<>();
        hooks.forEach(
                (path, given) -> {
                    List<InvocationHook> made = new ArrayList<>();
                    given.forEach(hook -> made.add(of(hook)));
                    all.put(path, made);
                });
        return all;
    }

    private InvocationHook of(GatewayHook hook) {
        return (invocation, next) ->
                hook instanceof Authentication.Required
                        ? now(hook, invocation, next)
                        : onThread(hook, invocation, next);
    }

    /** One of ours, which does not wait. */
    private CompletableFuture<Payload> now(
            GatewayHook hook,
            Invocation invocation,
            Function<Invocation, CompletableFuture<Payload>> next) {
        try {
            hook.before(call(invocation, null));
            return next.apply(invocation);
        } catch (Throwable refused) {
            return CompletableFuture.failedFuture(ErrorJson.refusal(refused));
        }
    }

    private CompletableFuture<Payload> onThread(
            GatewayHook hook,
            Invocation invocation,
            Function<Invocation, CompletableFuture<Payload>> next) {
        CompletableFuture<Payload> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("tuli-gateway-hook")
                .start(
                        () -> {
                            try {
                                hook.before(call(invocation, values(invocation.data())));
                                invocation
                                        .from()
                                        .loop()
                                        .execute(() -> goOn(invocation, next, result));
                            } catch (Throwable refused) {
                                invocation
                                        .from()
                                        .loop()
                                        .execute(
                                                () ->
                                                        result.completeExceptionally(
                                                                ErrorJson.refusal(refused)));
                            }
                        });
        return result;
    }

    private static void goOn(
            Invocation invocation,
            Function<Invocation, CompletableFuture<Payload>> next,
            CompletableFuture<Payload> result) {
        if (result.isDone()) {
            return;
        }
        try {
            CompletableFuture<Payload> inner = next.apply(invocation);
            inner.whenComplete(
                    (reply, failed) -> {
                        if (failed != null) {
                            result.completeExceptionally(failed);
                        } else {
                            result.complete(reply);
                        }
                    });
            result.whenComplete(
                    (reply, failed) -> {
                        if (result.isCancelled()) {
                            inner.cancel(true);
                        }
                    });
        } catch (RuntimeException refused) {
            result.completeExceptionally(ErrorJson.refusal(refused));
        }
    }

    private @Nullable Object values(@Nullable Object data) {
        return data instanceof Payload json ? codec.decode(json, Object.class) : data;
    }

    private static GatewayCall call(Invocation invocation, @Nullable Object data) {
        return new GatewayCall(
                invocation.path(),
                invocation.method(),
                invocation.target().id(),
                data,
                invocation.asked().query(),
                new GatewayCall.Identity(
                        invocation.caller().told(invocation.from().provider()),
                        Optional.ofNullable(invocation.caller().refused())));
    }
}
