package io.tuli.staging;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Keeper;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop has for the disk: records, as the wire writes them. The loop puts them into a
 * buffer while it works on a batch; the disk's thread takes the buffer and leaves the other, which
 * it has written. So nothing is allocated for a record, and however many batches there were while
 * the disk was busy, they are one write.
 *
 * <p>One loop and one disk's thread. Who has the buffer says so in one bit; the loop waits for the
 * few instructions that an exchange takes, the disk's thread for the record that is being put. What
 * of a batch is taken before its end is written a little earlier than it need be; its number is
 * told when all of it is kept.
 */
public final class Staging implements Keeper {

    /** A record is as long as it is: it was taken over by the wire, or made here. */
    static final WireLimits RECORDS = new WireLimits(Integer.MAX_VALUE / 4, Integer.MAX_VALUE / 2);

    private static final int FIRST_BYTES = 64 << 10;

    private final AtomicBoolean isInUse = new AtomicBoolean();
    private final FrameEncoder encoder = new FrameEncoder(RECORDS);
    private final int limitBytes;
    private final IntToLongFunction syncNanos;
    private final Runnable wake;

    // Who has set the bit: the loop's or the disk thread's.
    private ByteBuf filling = Unpooled.buffer(FIRST_BYTES);
    private ByteBuf spare = Unpooled.buffer(FIRST_BYTES);
    private List<Replaced> replaced = new ArrayList<>();
    private long ticket;
    private long withinNanos = Long.MAX_VALUE;

    // The disk thread's.
    private List<Replaced> takenReplaced = List.of();
    private long takenTicket;
    private long takenWithinNanos;

    // Written by the one, read by the other.
    private volatile int stagedBytes;
    private volatile boolean isStaged;
    private volatile boolean isRefusing;
    private volatile String whyFull = "";

    Staging(DiskBounds bounds, Runnable wake) {
        this.limitBytes = bounds.stagedBytes();
        this.syncNanos = bounds.syncNanos();
        this.wake = wake;
    }

    // ---- the loop's thread ---------------------------------------------------------------------

    /**
     * The buffer is this loop's for one record at a time: whatever is thrown here leaves neither
     * half of one behind nor the buffer taken.
     */
    @Override
    public void keep(Frame.OfPartition record, boolean isSynced) {
        long within = isSynced ? 0 : syncNanos.applyAsLong(record.service());
        lock();
        int end = filling.writerIndex();
        try {
            encoder.encode(record, filling);
            Replaced.of(record, filling.writerIndex() - end).ifPresent(replaced::add);
            withinNanos = Math.min(withinNanos, within);
        } catch (Throwable unfit) {
            filling.writerIndex(end);
            throw unfit;
        } finally {
            isInUse.set(false);
        }
    }

    private void lock() {
        while (!isInUse.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
    }

    /** From now on all that was put may be taken; some of it may have been before. */
    @Override
    public void handOver(long batch) {
        lock();
        ticket = batch;
        stagedBytes = filling.writerIndex();
        isStaged = true;
        isInUse.set(false);
        wake.run();
    }

    /** False while the disk does not keep up, has no room, or has failed. */
    @Override
    public boolean hasRoom() {
        return !isRefusing && stagedBytes < limitBytes;
    }

    @Override
    public String whyFull() {
        return whyFull;
    }

    // ---- the disk's thread ---------------------------------------------------------------------

    /** Whether there is something to {@link #take}. */
    boolean isStaged() {
        return isStaged;
    }

    /** From now on nothing new is taken. */
    void refuse() {
        isRefusing = true;
    }

    /** Nothing new is taken until somebody makes room; empty where there is some. */
    void full(String why) {
        whyFull = why;
        isRefusing = !why.isEmpty();
    }

    /** All that was put, until the next is taken; null if there is nothing. */
    @Nullable ByteBuffer take() {
        if (!isStaged) {
            return null;
        }
        lock();
        ByteBuf taken = filling;
        filling = spare.capacity() > 2 * limitBytes ? Unpooled.buffer(FIRST_BYTES) : spare;
        filling.clear();
        spare = taken;
        takenReplaced = replaced;
        replaced = new ArrayList<>();
        takenTicket = ticket;
        takenWithinNanos = withinNanos;
        withinNanos = Long.MAX_VALUE;
        stagedBytes = 0;
        isStaged = false;
        isInUse.set(false);
        return ByteBuffer.wrap(taken.array(), taken.arrayOffset(), taken.writerIndex());
    }

    /** Which replicas were given anew in what was taken, or begun to be. */
    List<Replaced> takenReplaced() {
        return takenReplaced;
    }

    long takenTicket() {
        return takenTicket;
    }

    long takenWithinNanos() {
        return takenWithinNanos;
    }
}
