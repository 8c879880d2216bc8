package io.tuli.reply;

import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.wall.WalledSubscriber;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one call as a publisher for one subscriber. The owner sends a first few items
 * unasked; then it has credit for as many as have been taken here, so what waits is bounded. All
 * signals come from the call's loop.
 */
final class ReplyPublisher<R> implements Flow.Publisher<R>, Flow.Subscription {

    /** Credit is given back in portions of so many items. */
    private static final int PORTION = 16;

    private final PendingCall<R> call;
    private final CallLoop loop;
    private final AtomicBoolean isTaken = new AtomicBoolean();

    private volatile @Nullable WalledSubscriber<R> subscriber;

    // The loop's alone.
    private boolean isSubscribed;
    private boolean isOver;
    private boolean isPassingOn;
    private boolean hasAnswered;
    private long demand;
    private int taken;

    ReplyPublisher(PendingCall<R> call, CallLoop loop) {
        this.call = call;
        this.loop = loop;
    }

    boolean isSubscribed() {
        return subscriber != null;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super R> wanted) {
        if (!isTaken.compareAndSet(false, true)) {
            wanted.onSubscribe(new Refused());
            wanted.onError(new IllegalStateException("a call's replies have one subscriber"));
            return;
        }
        WalledSubscriber<R> walled =
                new WalledSubscriber<>(wanted, "a subscriber of replies()", this::stop);
        subscriber = walled;
        boolean isPosted =
                loop.post(
                        () -> {
                            isSubscribed = true;
                            walled.onSubscribe(this);
                            passOn();
                        });
        if (!isPosted) {
            walled.onSubscribe(new Refused());
            walled.onError(CallLoop.closed());
        }
    }

    @Override
    public void request(long items) {
        loop.post(() -> demanded(items));
    }

    @Override
    public void cancel() {
        loop.post(this::stop);
    }

    // ---- on the loop ---------------------------------------------------------------------------

    private void stop() {
        isOver = true;
        loop.caller().cancel(call);
    }

    private void demanded(long items) {
        WalledSubscriber<R> known = subscriber;
        if (isOver || known == null) {
            return;
        }
        if (items <= 0) {
            stop();
            known.onError(new IllegalArgumentException("a request must be > 0: " + items));
            return;
        }
        demand = demand + items < 0 ? Long.MAX_VALUE : demand + items;
        passOn();
    }

    /**
     * Signals what there is and is wanted. A subscriber that asks for more meanwhile gets it here.
     */
    void passOn() {
        WalledSubscriber<R> known = subscriber;
        if (!isSubscribed || isPassingOn || known == null) {
            return;
        }
        isPassingOn = true;
        while (!isOver && demand > 0 && call.hasItems()) {
            Payload item = call.pollItem();
            if (item != null) {
                take();
                next(known, item);
            }
        }
        Object end = call.end();
        if (!isOver && end != null && !call.hasItems()) {
            end(known, end);
        }
        isPassingOn = false;
    }

    private void take() {
        taken++;
        if (taken >= PORTION) {
            call.credit(taken);
            taken = 0;
        }
    }

    private void end(WalledSubscriber<R> known, Object end) {
        if (end instanceof TuliException failure) {
            isOver = true;
            known.onError(failure);
            return;
        }
        Payload body = (Payload) end;
        if (!call.isStreaming() && !hasAnswered && !isNothing(body)) {
            if (demand == 0) {
                return;
            }
            hasAnswered = true;
            next(known, body);
        }
        if (!isOver) {
            isOver = true;
            known.onComplete();
        }
    }

    private static boolean isNothing(Payload body) {
        return body.isNone() || body.equals(Payload.NULL);
    }

    /** A publisher has no word for null: such an item is left out. */
    private void next(WalledSubscriber<R> known, Payload body) {
        R value;
        try {
            value = call.decode(body);
        } catch (TuliException unreadable) {
            stop();
            known.onError(unreadable);
            return;
        }
        if (value != null) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            known.onNext(value);
        }
    }

    /** The subscription of a subscriber that gets nothing. */
    static final class Refused implements Flow.Subscription {
        @Override
        public void request(long items) {}

        @Override
        public void cancel() {}
    }
}
