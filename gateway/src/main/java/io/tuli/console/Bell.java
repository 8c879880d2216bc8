package io.tuli.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes whoever waits for something new. Thread-safe. */
final class Bell {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long times;

    void ring() {
        lock.lock();
        try {
            times++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until it has been rung more often.
     *
     * @param known how often it had been rung before
     * @return how often it has been now, the same where the time was over first
     */
    long await(long known, long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (times == known && left > 0) {
                left = rung.awaitNanos(left);
            }
            return times;
        } finally {
            lock.unlock();
        }
    }
}
