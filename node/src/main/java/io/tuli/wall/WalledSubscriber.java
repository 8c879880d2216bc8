package io.tuli.wall;

import java.util.concurrent.Flow;

/**
 * A user's subscriber behind a {@link Wall}: its methods never throw. One that threw is cancelled,
 * and told so once by {@code onError}. Used by one thread at a time.
 */
public final class WalledSubscriber<T> implements Flow.Subscriber<T> {

    private final Flow.Subscriber<? super T> users;
    private final Wall wall;
    private final Runnable cancelling;
    private boolean isOver;

    /**
     * A subscriber that can be called without a care.
     *
     * @param what it is, as the log names it
     * @param cancelling ends its subscription
     */
    public WalledSubscriber(Flow.Subscriber<? super T> users, String what, Runnable cancelling) {
        this.users = users;
        this.wall = new Wall(what);
        this.cancelling = cancelling;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        try {
            users.onSubscribe(subscription);
        } catch (Throwable thrown) {
            threw(thrown);
        }
    }

    @Override
    public void onNext(T item) {
        if (isOver) {
            return;
        }
        try {
            users.onNext(item);
        } catch (Throwable thrown) {
            threw(thrown);
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (isOver) {
            return;
        }
        isOver = true;
        try {
            users.onError(failure);
        } catch (Throwable thrown) {
            wall.caught(thrown);
        }
    }

    @Override
    public void onComplete() {
        if (isOver) {
            return;
        }
        isOver = true;
        try {
            users.onComplete();
        } catch (Throwable thrown) {
            wall.caught(thrown);
        }
    }

    private void threw(Throwable thrown) {
        wall.caught(thrown);
        cancelling.run();
        onError(thrown);
    }
}
