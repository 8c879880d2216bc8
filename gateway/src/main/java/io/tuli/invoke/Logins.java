package io.tuli.invoke;

import io.tuli.Refusal;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How callers prove who they are. Called on the connection's loop, which it never blocks; completes
 * there, with a {@link Refusal} where it fails.
 */
public interface Logins {

    /** Nobody can log in: everybody is anonymous. */
    Logins NONE =
            new Logins() {
                @Override
                public @Nullable String path() {
                    return null;
                }

                @Override
                public CompletableFuture<Login> authenticate(
                        @Nullable Object data, Connection from) {
                    return refused();
                }

                @Override
                public CompletableFuture<@Nullable Login> verify(
                        String authorization, Connection from) {
                    return CompletableFuture.completedFuture(null);
                }
            };

    private static CompletableFuture<Login> refused() {
        return CompletableFuture.failedFuture(Refusal.notFound("Page not found"));
    }

    /** Under which clients log in: {@code authentication}; null where they cannot. */
    @Nullable String path();

    /**
     * Logs in.
     *
     * @param data JSON-like: a strategy and what it needs
     */
    CompletableFuture<Login> authenticate(@Nullable Object data, Connection from);

    /**
     * Who a header {@code Authorization} is of; null where it is of a scheme that is none of ours.
     *
     * @param authorization the header's value
     */
    CompletableFuture<@Nullable Login> verify(String authorization, Connection from);
}
