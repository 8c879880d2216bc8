package io.tuli.pipe;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.TunnelFrame;
import io.tuli.tunnel.TunnelEnd;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one side of a tunnel stands: not open yet, open, or over; and those who wait for it to
 * change. It is over once, for whatever reason comes first. Thread-safe; loops take the lock for a
 * moment only.
 */
final class Standing {

    /** Longer than any tunnel. */
    static final long EVER_NANOS = TimeUnit.DAYS.toNanos(60);

    final ReentrantLock lock = new ReentrantLock();
    final Condition maySend = lock.newCondition();
    final Condition mayReceive = lock.newCondition();

    private final Side side;

    // Under the lock.
    private @Nullable TunnelEnd end;
    private @Nullable MemberId peer;
    private boolean isOver;

    /** Null where it was open to its end, or is. */
    private @Nullable TuliException why;

    Standing(Side side) {
        this.side = side;
    }

    // ---- under the lock ------------------------------------------------------------------------

    /** Null while it is not open. */
    @Nullable TunnelEnd end() {
        return end;
    }

    boolean isOver() {
        return isOver;
    }

    /** Why it is over, with the stack of this thread. */
    TuliException ended() {
        TuliException known = why;
        return known == null
                ? new TuliException(Outcome.UNKNOWN, Failure.CLOSED, "the tunnel is over")
                : known.here();
    }

    /** For so long at most. Whoever calls it looks again. */
    @SuppressWarnings("WaitNotInLoop")
    void await(Condition change, long deadline, long most, String what) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw late(what);
        }
        try {
            long unused = change.awaitNanos(Math.min(left, most));
        } catch (InterruptedException interrupted) {
            throw interrupted(what);
        }
    }

    private static TuliException late(String what) {
        String rule = "the other side of the tunnel was waited for in vain: " + what;
        return new TuliException(Failure.TIMEOUT, rule);
    }

    private TuliException interrupted(String what) {
        Thread.currentThread().interrupt();
        String rule = "a thread was interrupted while it waited in the tunnel: " + what;
        giveUp(Failure.CANCELLED, rule);
        return new TuliException(Outcome.UNKNOWN, Failure.CANCELLED, rule);
    }

    // ---- any thread ----------------------------------------------------------------------------

    /** Takes a turn, which is to be given back. */
    void enter(Semaphore turn, long deadline, String what) {
        try {
            if (!turn.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw late(what);
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(what);
        }
    }

    /** Does something while nothing else happens. */
    <V> V locked(Supplier<V> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The same, where it is open or was. */
    void change(Consumer<TunnelEnd> work) {
        lock.lock();
        try {
            if (end != null) {
                work.accept(end);
                maySend.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The member at the other side. */
    MemberId peer() {
        return locked(
                () -> {
                    MemberId known = peer;
                    if (known == null) {
                        throw new IllegalStateException("a tunnel that is open has another side");
                    }
                    return known;
                });
    }

    boolean isOpen() {
        return locked(() -> end != null && !isOver);
    }

    /** Both sides have it from now on; false where it is over before. */
    boolean open(MemberId to, Supplier<TunnelEnd> made) {
        return locked(
                () -> {
                    if (!isOver) {
                        end = made.get();
                        peer = to;
                        maySend.signalAll();
                        mayReceive.signalAll();
                    }
                    return !isOver;
                });
    }

    /**
     * Something from the other side.
     *
     * @throws InvalidFrameException where no honest one says so
     */
    void received(TunnelFrame frame) {
        lock.lock();
        try {
            TunnelEnd known = end;
            InvalidFrameException.require(
                    known != null || isOver,
                    "nothing comes through what is not open",
                    frame.call());
            if (known != null) {
                known.received(frame);
                (frame instanceof TunnelFrame.Piece ? mayReceive : maySend).signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** There may be room on the link to a member. */
    void writable(MemberId member) {
        lock.lock();
        try {
            if (member.equals(peer)) {
                maySend.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** It is over, unless it was; null where both sides have finished. */
    boolean over(@Nullable TuliException reason) {
        return locked(
                () -> {
                    if (isOver) {
                        return false;
                    }
                    isOver = true;
                    why = reason;
                    if (end != null) {
                        end.end();
                    }
                    maySend.signalAll();
                    mayReceive.signalAll();
                    return true;
                });
    }

    /** This side ends it, unless it is over; the other side is told. */
    void giveUp(Failure failure, String detail) {
        lock.lock();
        try {
            boolean haveBoth = end != null && end.hasFinished() && end.hasOtherFinished();
            long cost = end == null ? 0 : end.sentCost();
            TuliException reason =
                    haveBoth ? null : new TuliException(Outcome.UNKNOWN, failure, detail);
            if (over(reason)) {
                side.tell(reason, cost);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until both sides have it.
     *
     * @throws TuliException where it is over before, or too late
     */
    void awaitOpen(long deadline) {
        lock.lock();
        try {
            while (end == null && !isOver) {
                await(mayReceive, deadline, EVER_NANOS, "open");
            }
            if (end == null) {
                throw ended();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return locked(() -> end == null ? "tunnel" : end + (isOver ? " over" : ""));
    }
}
