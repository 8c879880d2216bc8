package io.tuli.handler;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Thrown;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One streaming reply on its way. Its thread pulls from an iterator, or asks a publisher for as
 * much as the caller can take; credit and stop come from other threads, items of a publisher from
 * the publisher's.
 */
final class ReplyStream {
    private final ReplySource source;
    private final ReplyStreams.Target target;
    private final BiConsumer<MemberId, Frame> out;
    private final long idleNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private long granted = ReplyStreams.INITIAL_CREDIT;
    private long sent;
    private boolean isStopped;
    private boolean hasEnded;
    private @Nullable Throwable failure;
    private Flow.@Nullable Subscription subscription;
    private @Nullable Thread thread;

    ReplyStream(
            ReplySource source,
            ReplyStreams.Target target,
            BiConsumer<MemberId, Frame> out,
            Duration idleMax) {
        this.source = source;
        this.target = target;
        this.out = out;
        this.idleNanos = Durations.nanos(idleMax);
    }

    /** Starts on a thread; false if there is none. Both are called at the end, closing first. */
    boolean run(OwnedThreads threads, Runnable onEnd, Runnable closing) {
        lock.lock();
        try {
            thread =
                    threads.start(
                            () -> {
                                try {
                                    drain();
                                    // The interrupt was for the items; closing may have to wait.
                                    Thread.interrupted();
                                    closing.run();
                                } finally {
                                    onEnd.run();
                                }
                            });
            return thread != null;
        } finally {
            lock.unlock();
        }
    }

    void grant(int items) {
        lock.lock();
        try {
            granted = Math.min(granted + items, Long.MAX_VALUE / 2);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The caller is gone: nothing more is sent, and what blocks is interrupted. */
    void stop() {
        lock.lock();
        try {
            isStopped = true;
            changed.signalAll();
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        Throwable thrown = null;
        try {
            for (Payload item : source.ready()) {
                awaitCredit();
                send(item);
            }
            switch (source.rest()) {
                case ReplySource.Rest.Nothing nothing -> {}
                case ReplySource.Rest.Pulled pulled -> pull(pulled.items().get());
                case ReplySource.Rest.Published published -> follow(published.publisher());
            }
        } catch (Throwable failed) {
            // Users' code runs here: whatever it throws ends its stream.
            thrown = failed;
        }
        end(thrown);
    }

    private void pull(Iterator<?> items) throws InterruptedException {
        while (items.hasNext()) {
            Payload item = source.write(items.next());
            awaitCredit();
            send(item);
        }
    }

    private void follow(Flow.Publisher<?> publisher) throws Throwable {
        awaitCredit();
        try {
            publisher.subscribe(new Items());
            long requested = sent();
            while (true) {
                long more = awaitDemand(requested);
                if (more == 0) {
                    return;
                }
                requested += more;
                Flow.Subscription asked = subscription();
                if (asked != null) {
                    asked.request(more);
                }
            }
        } finally {
            leave();
        }
    }

    /** The publisher is a user's: what it throws at the end changes nothing about the items. */
    private void leave() {
        Flow.Subscription left = subscription();
        if (left != null) {
            new Wall("the publisher of a streaming reply").run(left::cancel);
        }
    }

    /** Waits until an item may be sent. */
    private void awaitCredit() throws InterruptedException {
        lock.lock();
        try {
            while (sent == granted && !isStopped) {
                awaitChange();
            }
            requireCaller();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until more items may be asked for, and answers how many; 0 when there are no more. */
    private long awaitDemand(long requested) throws Throwable {
        lock.lock();
        try {
            while (!isStopped
                    && !hasEnded
                    && failure == null
                    && (requested >= granted || subscription == null)) {
                awaitChange();
            }
            requireCaller();
            if (failure != null) {
                throw failure;
            }
            return hasEnded ? 0 : granted - requested;
        } finally {
            lock.unlock();
        }
    }

    /** Waits under the lock; for a caller that has all it asked for not longer than it may idle. */
    @SuppressWarnings("WaitNotInLoop") // Its callers loop.
    private void awaitChange() throws InterruptedException {
        long left = changed.awaitNanos(idleNanos);
        if (left <= 0 && sent >= granted && !isStopped) {
            throw new TuliException(
                    Failure.TIMEOUT,
                    "a caller must go on taking items: idleMillis="
                            + idleNanos / 1_000_000
                            + " sent="
                            + sent);
        }
    }

    private void requireCaller() throws InterruptedException {
        if (isStopped) {
            throw new InterruptedException("nobody takes the items any more");
        }
    }

    private void send(Payload item) {
        long index;
        lock.lock();
        try {
            index = sent++;
        } finally {
            lock.unlock();
        }
        out.accept(target.caller(), new Frame.Item(target.call(), index, item));
    }

    private void end(@Nullable Throwable thrown) {
        lock.lock();
        try {
            hasEnded = true;
            if (isStopped) {
                return;
            }
        } finally {
            lock.unlock();
        }
        Failure why =
                thrown == null
                        ? null
                        : thrown instanceof TuliException e ? e.failure() : Failure.HANDLER_FAILED;
        String detail =
                thrown == null
                        ? ""
                        : thrown instanceof TuliException e
                                ? String.valueOf(e.getMessage())
                                : Thrown.text(thrown);
        out.accept(target.caller(), new Frame.End(target.call(), sent(), why, detail));
    }

    private long sent() {
        lock.lock();
        try {
            return sent;
        } finally {
            lock.unlock();
        }
    }

    private Flow.@Nullable Subscription subscription() {
        lock.lock();
        try {
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    /** Hears what a publisher says, on the publisher's thread. */
    private final class Items implements Flow.Subscriber<Object> {
        @Override
        public void onSubscribe(Flow.Subscription given) {
            Objects.requireNonNull(given, "a subscription is not null");
            lock.lock();
            try {
                if (subscription == null) {
                    subscription = given;
                    changed.signalAll();
                    return;
                }
            } finally {
                lock.unlock();
            }
            given.cancel();
        }

        @Override
        public void onNext(Object item) {
            lock.lock();
            try {
                if (isStopped || hasEnded || failure != null) {
                    return;
                }
                if (sent >= granted) {
                    throw new IllegalStateException(
                            "a publisher must not publish more than it was asked for: asked="
                                    + granted);
                }
            } catch (IllegalStateException unasked) {
                fail(unasked);
                return;
            } finally {
                lock.unlock();
            }
            try {
                send(source.write(item));
            } catch (Throwable unsendable) {
                fail(unsendable);
            }
        }

        @Override
        @SuppressWarnings("ConstantValue") // A user's publisher may give null all the same.
        public void onError(Throwable thrown) {
            fail(thrown == null ? new NullPointerException("onError(null)") : thrown);
        }

        @Override
        public void onComplete() {
            lock.lock();
            try {
                hasEnded = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void fail(Throwable thrown) {
            lock.lock();
            try {
                if (failure == null) {
                    failure = thrown;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
