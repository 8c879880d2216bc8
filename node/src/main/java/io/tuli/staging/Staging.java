package io.tuli.staging;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop has for the disk. It puts records into a buffer while it flushes a batch, and
 * gets a ticket for all of them; the disk's thread takes the buffer and leaves the other, which it
 * has written. So nothing is allocated for a record, and however many batches there were while the
 * disk was busy, they are one write.
 *
 * <p>One loop and one disk's thread. Who has the buffer says so in one bit; the loop waits for the
 * few instructions that an exchange takes, the disk's thread leaves a loop in the middle of a batch
 * for later.
 */
public final class Staging {

    private static final int FIRST_BYTES = 64 << 10;

    private final AtomicBoolean isInUse = new AtomicBoolean();
    private final int limitBytes;
    private final Runnable wake;
    private boolean isOpen;

    // With the bit: the loop's or the disk thread's.
    private ByteBuffer filling = ByteBuffer.allocate(FIRST_BYTES);
    private ByteBuffer spare = ByteBuffer.allocate(FIRST_BYTES);
    private long ticket;
    private long withinNanos = Long.MAX_VALUE;

    // The disk thread's.
    private long takenTicket;
    private long takenWithinNanos;

    // Written by the one, read by the other.
    private volatile int stagedBytes;
    private volatile boolean isStaged;
    private volatile boolean isRefusing;

    Staging(int limitBytes, Runnable wake) {
        this.limitBytes = limitBytes;
        this.wake = wake;
    }

    // ---- the loop's thread ---------------------------------------------------------------------

    /**
     * Where a record is put, with so much room: it may be larger than the limit, for what happened
     * must be written. Its position is where it goes on; whoever puts moves it.
     */
    public ByteBuffer room(int bytes) {
        if (!isOpen) {
            isOpen = true;
            while (!isInUse.compareAndSet(false, true)) {
                Thread.onSpinWait();
            }
        }
        if (filling.remaining() < bytes) {
            grow(bytes);
        }
        return filling;
    }

    private void grow(int bytes) {
        long needed = (long) filling.position() + bytes;
        if (needed > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("more is staged than may be: bytes=" + needed);
        }
        long doubled = Math.min(Integer.MAX_VALUE - 8, 2L * filling.capacity());
        ByteBuffer larger = ByteBuffer.allocate((int) Math.max(needed, doubled));
        larger.put(filling.flip());
        filling = larger;
    }

    /** What was put since the last batch must be on disk for good within so long; at once for 0. */
    public void within(long nanos) {
        room(0);
        withinNanos = Math.min(withinNanos, nanos);
    }

    /**
     * The batch ends: what was put goes to disk.
     *
     * @return the ticket that will be kept when all that was ever put is; the one of the batch
     *     before, if nothing was put
     */
    public long endBatch() {
        if (!isOpen) {
            return ticket;
        }
        long ended = ++ticket;
        stagedBytes = filling.position();
        isStaged = true;
        isOpen = false;
        isInUse.set(false);
        wake.run();
        return ended;
    }

    /**
     * False while the disk does not keep up, has no room, or has failed: nothing new is to be begun
     * that it would have to keep.
     */
    public boolean hasRoom() {
        return !isRefusing && stagedBytes < limitBytes;
    }

    // ---- the disk's thread ---------------------------------------------------------------------

    /** Whether there is something to {@link #take}; a loop in the middle of a batch wakes later. */
    boolean isStaged() {
        return isStaged && !isInUse.get();
    }

    void refuse(boolean isToRefuse) {
        isRefusing = isToRefuse;
    }

    /**
     * All that was put, until the next is taken; null if there is nothing, or the loop is at it.
     */
    @Nullable ByteBuffer take() {
        if (!isStaged || !isInUse.compareAndSet(false, true)) {
            return null;
        }
        ByteBuffer taken = filling;
        filling = spare.capacity() > 2 * limitBytes ? ByteBuffer.allocate(FIRST_BYTES) : spare;
        filling.clear();
        spare = taken;
        takenTicket = ticket;
        takenWithinNanos = withinNanos;
        withinNanos = Long.MAX_VALUE;
        stagedBytes = 0;
        isStaged = false;
        isInUse.set(false);
        return taken.flip();
    }

    long takenTicket() {
        return takenTicket;
    }

    long takenWithinNanos() {
        return takenWithinNanos;
    }
}
