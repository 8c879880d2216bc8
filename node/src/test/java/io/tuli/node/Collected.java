package io.tuli.node;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A subscriber that keeps what it gets. */
final class Collected<E> implements Flow.Subscriber<E> {

    private final List<E> items = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<List<E>> done = new CompletableFuture<>();
    private final long first;

    Collected() {
        this(Long.MAX_VALUE);
    }

    /** Asks for so many at the beginning, and for the rest only when told. */
    Collected(long first) {
        this.first = first;
    }

    void request(long more) {
        subscription.join().request(more);
    }

    void cancel() {
        subscription.join().cancel();
    }

    List<E> soFar() {
        return items;
    }

    /** Whether nothing comes any more, for better or worse. */
    boolean isOver() {
        return done.isDone();
    }

    /** Everything, once it is complete. */
    List<E> all() throws Exception {
        return done.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        if (first > 0) {
            given.request(first);
        }
    }

    @Override
    public void onNext(E item) {
        items.add(item);
    }

    @Override
    public void onError(Throwable thrown) {
        done.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
        done.complete(items);
    }
}
