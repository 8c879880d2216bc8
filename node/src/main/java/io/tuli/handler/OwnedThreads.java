package io.tuli.handler;

import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads with an owner: named, counted, limited, and gone when the owner closes.
 * Thread-safe.
 */
final class OwnedThreads {
    private final String name;
    private final int most;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicLong started = new AtomicLong();
    private volatile boolean isClosed;

    /** At most so many at once. */
    OwnedThreads(String name, int most) {
        this.name = name;
        this.most = most;
    }

    /** Runs the work on a thread of its own; null where there are too many, or after the end. */
    @Nullable Thread start(Runnable work) {
        if (threads.size() >= most) {
            return null;
        }
        Thread thread =
                Thread.ofVirtual()
                        .name(name + "-", started.getAndIncrement())
                        .unstarted(() -> run(work));
        threads.add(thread);
        // Looked at after the thread is in the set: either it is refused, or close() sees it.
        if (isClosed) {
            threads.remove(thread);
            return null;
        }
        thread.start();
        return thread;
    }

    int running() {
        return threads.size();
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Starts no more. */
    void refuse() {
        isClosed = true;
    }

    /** Interrupts all and waits for their end; whether they ended in time. */
    boolean close(Duration within) {
        interrupt();
        return hasEnded(System.nanoTime() + Durations.nanos(within));
    }

    /** Starts no more, and interrupts all. */
    void interrupt() {
        refuse();
        threads.forEach(Thread::interrupt);
    }

    /** Waits for the end of all until a moment of {@link System#nanoTime}; whether it has come. */
    boolean hasEnded(long deadline) {
        for (Thread thread : threads) {
            try {
                long left = deadline - System.nanoTime();
                if (left > 0) {
                    thread.join(Duration.ofNanos(left));
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return threads.isEmpty();
            }
        }
        return threads.isEmpty();
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            threads.remove(Thread.currentThread());
        }
    }
}
