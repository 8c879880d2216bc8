package io.tuli.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** One event loop: a thread and its tasks in order. Remembers the first task that threw. */
final class FakeLoop implements AutoCloseable {

    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ExecutorService executor;

    FakeLoop(String name) {
        executor =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread made = new Thread(task, name);
                            made.setDaemon(true);
                            thread.set(made);
                            return made;
                        });
    }

    void execute(Runnable task) {
        tasks.incrementAndGet();
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException closed) {
            tasks.decrementAndGet();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    /** Runs it on the loop and waits for its answer; the task does not count. */
    <T> T call(Supplier<T> task) {
        if (isCurrent()) {
            return task.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        executor.execute(
                () -> {
                    try {
                        answer.complete(task.get());
                    } catch (Throwable thrown) {
                        answer.completeExceptionally(thrown);
                    }
                });
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    boolean isCurrent() {
        return Thread.currentThread().equals(thread.get());
    }

    /** Tasks that were given to it by those under test. */
    int tasks() {
        return tasks.get();
    }

    void check() {
        if (failure.get() != null) {
            throw new AssertionError("a task on a loop threw", failure.get());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        check();
    }
}
