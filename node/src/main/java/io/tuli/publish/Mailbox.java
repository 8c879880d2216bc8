package io.tuli.publish;

import io.tuli.MemberId;
import io.tuli.Overflow;
import io.tuli.protocol.Publication;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer has yet to consume: bounded, filled by whoever brings it, emptied by one
 * thread. Nobody ever waits here. Thread-safe.
 */
final class Mailbox {

    static final long BYTES_MAX = 16L << 20;

    /** What an event takes besides its body. */
    private static final int EVENT_BYTES = 64;

    private final int limit;
    private final Overflow overflow;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Arrived> events = new ArrayDeque<>();

    /** Instead, where of each subject only the latest waits. */
    private final Map<String, Arrived> latest = new LinkedHashMap<>();

    private long bytes;
    private long dropped;
    private boolean isSlow;
    private boolean isClosed;
    private volatile int size;

    /**
     * An event, and who published it.
     *
     * @param isLast whether it was kept, and is told late
     */
    record Arrived(MemberId publisher, Publication publication, boolean isLast) {

        long bytes() {
            return EVENT_BYTES + (long) publication.body().sizeBytes();
        }
    }

    /**
     * What became of one that was put in.
     *
     * @param isSlow whether one was dropped, this or another, for the first time since all was well
     */
    record Put(boolean isTaken, boolean isSlow) {

        private static final Put TAKEN = new Put(true, false);
        private static final Put DROPPED = new Put(false, false);
    }

    Mailbox(int limit, Overflow overflow) {
        this.limit = limit;
        this.overflow = overflow;
    }

    boolean hasRoom() {
        return size < limit;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Put put(Arrived event) {
        lock.lock();
        try {
            if (isClosed) {
                return Put.DROPPED;
            }
            return overflow == Overflow.LATEST ? putLatest(event) : putNext(event);
        } finally {
            size = events.size() + latest.size();
            lock.unlock();
        }
    }

    private Put putNext(Arrived event) {
        boolean isFull = isFull(events.size());
        if (isFull && overflow != Overflow.DROP_OLDEST) {
            dropped++;
            return slow(Put.DROPPED);
        }
        while (isFull(events.size()) && !events.isEmpty()) {
            bytes -= events.remove().bytes();
            dropped++;
        }
        events.add(event);
        bytes += event.bytes();
        return isFull ? slow(Put.TAKEN) : Put.TAKEN;
    }

    private boolean isFull(int events) {
        return events >= limit || bytes >= BYTES_MAX;
    }

    private Put putLatest(Arrived event) {
        Arrived before = latest.remove(event.publication().subject());
        if (before != null) {
            bytes -= before.bytes();
            dropped++;
        }
        boolean isFull = isFull(latest.size());
        Iterator<Arrived> oldest = latest.values().iterator();
        while (isFull(latest.size()) && oldest.hasNext()) {
            bytes -= oldest.next().bytes();
            oldest.remove();
            dropped++;
        }
        latest.put(event.publication().subject(), event);
        bytes += event.bytes();
        return isFull ? slow(Put.TAKEN) : Put.TAKEN;
    }

    private Put slow(Put put) {
        boolean isNews = !isSlow;
        isSlow = true;
        return isNews ? new Put(put.isTaken(), true) : put;
    }

    /** The oldest; null if there is none. */
    @Nullable Arrived poll() {
        if (size == 0) {
            return null;
        }
        lock.lock();
        try {
            Arrived next = overflow == Overflow.LATEST ? pollLatest() : events.poll();
            bytes -= next == null ? 0 : next.bytes();
            size = events.size() + latest.size();
            isSlow &= size > limit / 2 || bytes > BYTES_MAX / 2;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Arrived pollLatest() {
        Iterator<Arrived> oldest = latest.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Arrived next = oldest.next();
        oldest.remove();
        return next;
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what is there stays. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, and forgets what is there. */
    void clear() {
        lock.lock();
        try {
            isClosed = true;
            events.clear();
            latest.clear();
            bytes = 0;
            size = 0;
        } finally {
            lock.unlock();
        }
    }
}
