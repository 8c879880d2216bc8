package io.tuli.spin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future of a member: to wait for it on a loop, which may be the one to complete it, is refused
 * at once. What is composed of it is one, too.
 */
public final class MeshFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    private static final String WHAT = "a future of a mesh";

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new MeshFuture<>();
    }

    /**
     * Waits.
     *
     * @throws IllegalStateException on a loop, unless it is complete
     */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireMayWait();
        return super.get();
    }

    /**
     * Waits so long.
     *
     * @throws IllegalStateException on a loop, unless it is complete
     */
    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        requireMayWait();
        return super.get(timeout, unit);
    }

    /**
     * Waits.
     *
     * @throws IllegalStateException on a loop, unless it is complete
     */
    @Override
    public T join() {
        requireMayWait();
        return super.join();
    }

    private void requireMayWait() {
        if (!isDone()) {
            LoopThread.requireMayWait(WHAT);
        }
    }
}
