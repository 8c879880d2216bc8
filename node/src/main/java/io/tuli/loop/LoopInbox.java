package io.tuli.loop;

import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What other threads leave for a loop. However much they leave while it is busy, it is woken once;
 * it then takes all there is. Bounded by what leaves it: calls by their permits, decisions by the
 * requests an owner queues, the rest by one each.
 */
final class LoopInbox {

    private final Queue<Object> queue = PlatformDependent.newMpscQueue();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final EventLoop thread;
    private final Runnable batch;
    private final Consumer<Object> orphanage;
    private volatile boolean isClosed;

    /**
     * @param batch runs on the loop and calls {@link #drain}
     * @param orphanage gets what came too late, on the thread that left it
     */
    LoopInbox(EventLoop thread, Runnable batch, Consumer<Object> orphanage) {
        this.thread = thread;
        this.batch = batch;
        this.orphanage = orphanage;
    }

    /** From any thread. False if the loop has ended, and it will not be looked at. */
    boolean post(Object work) {
        if (isClosed) {
            return false;
        }
        queue.add(work);
        // Adding is a compare-and-set of its own: whoever then still sees it scheduled came before
        // the drain that takes the work out.
        if (!isScheduled.get() && isScheduled.compareAndSet(false, true)) {
            try {
                thread.execute(batch);
            } catch (RejectedExecutionException ended) {
                isClosed = true;
                drain(orphanage);
            }
        }
        return true;
    }

    /** On the loop: hands out what there is now. */
    void drain(Consumer<Object> consumer) {
        isScheduled.set(false);
        Object work = queue.poll();
        while (work != null) {
            consumer.accept(work);
            work = queue.poll();
        }
    }

    /** Takes nothing any more. */
    void close() {
        isClosed = true;
    }
}
