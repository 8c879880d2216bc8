package io.tuli.invoke;

import io.tuli.Payload;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Runs around calls at the gateway, before anything is sent. Called on the connection's loop, which
 * it never blocks; completes there.
 */
@FunctionalInterface
public interface InvocationHook {

    /** Calls {@code next} once, or not at all, and answers. */
    CompletableFuture<Payload> around(
            Invocation invocation, Function<Invocation, CompletableFuture<Payload>> next);
}
