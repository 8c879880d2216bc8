package io.tuli.spin;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The thread of an event loop. Partitions, calls and links wait for it, so it waits for nobody: who
 * is about to wait asks here first. It does not keep the process alive.
 */
public final class LoopThread extends FastThreadLocalThread {

    private LoopThread(Runnable loop, String name) {
        super(loop, name);
        setDaemon(true);
    }

    /** Threads of that name, numbered from 1. */
    public static ThreadFactory factory(String name) {
        AtomicInteger made = new AtomicInteger();
        return loop -> new LoopThread(loop, name + "-" + made.incrementAndGet());
    }

    /** Whether this is a loop, of whatever member. */
    public static boolean isCurrent() {
        return Thread.currentThread() instanceof LoopThread;
    }

    /**
     * Asked before this thread waits.
     *
     * @param what is waited for
     * @throws IllegalStateException on a loop
     */
    public static void requireMayWait(String what) {
        if (isCurrent()) {
            throw new IllegalStateException(
                    "a loop must not wait, for it may be what it waits for: "
                            + what
                            + " thread="
                            + Thread.currentThread().getName()
                            + "; compose futures with thenApply and thenCompose, declare the"
                            + " handler not inline, or do it on a thread of yours");
        }
    }
}
