package io.tuli.transport;

import io.netty.util.internal.PlatformDependent;
import io.tuli.protocol.Frame;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames of other threads on their way to a link's loop. Many threads add, the loop drains; it is
 * woken once for all that has come until it looks.
 */
final class FrameQueue {

    private final Queue<Frame> queue = PlatformDependent.newMpscQueue();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean isDrainDue = new AtomicBoolean();

    /** Adds a frame of about so many bytes; true when the loop must be woken to {@link #drain}. */
    boolean add(Frame frame, int frameBytes) {
        bytes.addAndGet(frameBytes);
        queue.add(frame);
        return !isDrainDue.get() && isDrainDue.compareAndSet(false, true);
    }

    /**
     * Encodes at most so many frames into the outbox. On the loop.
     *
     * @return whether the loop must come again for the rest
     */
    boolean drain(Outbox outbox, int framesMax) {
        isDrainDue.set(false);
        long drainedBytes = 0;
        int drained = 0;
        try {
            Frame frame = queue.poll();
            while (frame != null) {
                drainedBytes += outbox.sizeAtMost(frame);
                outbox.add(frame);
                frame = ++drained < framesMax ? queue.poll() : null;
            }
        } finally {
            bytes.addAndGet(-drainedBytes);
        }
        return drained == framesMax && isDrainDue.compareAndSet(false, true);
    }

    /** Bytes on their way, not exact. */
    long bytes() {
        return bytes.get();
    }

    /** Drops what is left. On the loop. */
    void clear() {
        queue.clear();
    }
}
