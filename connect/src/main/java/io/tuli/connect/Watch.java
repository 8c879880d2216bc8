package io.tuli.connect;

import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts a thread that waits for a store and gets no further: nothing else can end that. A
 * thread of its own looks, which ends with it. Thread-safe.
 */
final class Watch implements AutoCloseable {

    private static final int LOOKS = 4;

    private final long patienceNanos;
    private final Runnable onHang;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Thread watched;
    private long since;
    private boolean isTold;
    private boolean isClosed;

    /**
     * @param onHang told each time it interrupts, before it does
     */
    Watch(String name, Duration patience, Runnable onHang) {
        this.patienceNanos = Durations.nanos(patience);
        this.onHang = onHang;
        Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        lock.lock();
        try {
            while (!isClosed) {
                long unused = changed.awaitNanos(Math.max(1_000_000, patienceNanos / LOOKS));
                Thread thread = watched;
                if (thread != null && !isTold && System.nanoTime() - since >= patienceNanos) {
                    isTold = true;
                    onHang.run();
                    thread.interrupt();
                }
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** The current thread is about to wait for a store. */
    void begin() {
        begin(Thread.currentThread());
    }

    private void begin(@Nullable Thread thread) {
        lock.lock();
        try {
            watched = thread;
            isTold = false;
            since = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** It has got further. */
    void proceeded() {
        begin(Thread.currentThread());
    }

    /** It waits no more; whether it was interrupted, which is undone. */
    boolean ended() {
        lock.lock();
        try {
            watched = null;
            boolean wasTold = isTold;
            isTold = false;
            if (wasTold) {
                boolean unused = Thread.interrupted();
            }
            return wasTold;
        } finally {
            lock.unlock();
        }
    }

    /** For how long the thread has been waiting; zero if it is not. */
    Duration waited() {
        lock.lock();
        try {
            return watched == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
