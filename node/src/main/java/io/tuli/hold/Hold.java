package io.tuli.hold;

import io.tuli.LogPosition;
import io.tuli.log.Consumed;
import io.tuli.log.Extras.Mark;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a reader of a group was granted, between the loop that fetches and the consumer:
 * what is consumed, and whether the consumer may begin another element. Who takes the grant back
 * knows when nothing of it runs any more. The loop revokes, the consumer begins and ends.
 */
public final class Hold {

    /** After so many elements it is told how far it is, without waiting for the time. */
    private static final int UNTOLD_MOST = 256;

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int REVOKED = 2;

    /** What was granted, by which it is known. */
    public final LogPosition grant;

    private final Runnable onStopped;
    private final Runnable onNews;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final AtomicInteger pending = new AtomicInteger();
    private volatile Consumed consumed;
    private volatile boolean hasNews;

    /** Where each change is acknowledged. */
    private volatile @Nullable Acks acks;

    /** The consumer's alone; where each change is acknowledged, guarded by the lock of those. */
    private int untold;

    /**
     * Begins with what others of the group have consumed.
     *
     * @param onStopped called on the consumer's thread when what ran has ended after a revocation
     * @param onNews called there when much was consumed
     */
    public Hold(LogPosition grant, Consumed consumed, Runnable onStopped, Runnable onNews) {
        this.grant = grant;
        this.consumed = consumed;
        this.onStopped = onStopped;
        this.onNews = onNews;
    }

    /** Each change of it is to be acknowledged. */
    public Acks acknowledged(AckRules rules, Acks.Clock clock, int entriesMost, List<Mark> marks) {
        Acks made = new Acks(this, rules, clock, entriesMost, marks);
        acks = made;
        return made;
    }

    /** Null where what the consumer has returned from is consumed. */
    public @Nullable Acks acks() {
        return acks;
    }

    /** Something is known that was not told yet. */
    void progressed() {
        hasNews = true;
    }

    // ---- on the loop ---------------------------------------------------------------------------

    /** Nothing is begun any more; answers whether nothing runs. */
    public boolean revoke() {
        return (state.getAndUpdate(before -> before | REVOKED) & BUSY) == 0;
    }

    public boolean isRevoked() {
        return (state.get() & REVOKED) != 0;
    }

    /** An element is about to be handed over. */
    public void offering() {
        pending.incrementAndGet();
    }

    /** It was not, or is passed over. */
    public void withdrawn() {
        pending.decrementAndGet();
    }

    /**
     * All so far has been looked at: it is consumed if nothing of it is under way.
     *
     * @param isNews whether there was something that nobody here wanted
     */
    public boolean hasSettled(Consumed all, boolean isNews) {
        if (pending.get() > 0) {
            return false;
        }
        consumed = all;
        if (isNews) {
            hasNews = true;
        }
        return true;
    }

    /** Whether something was consumed since this was asked last. */
    public boolean takeNews() {
        if (!hasNews) {
            return false;
        }
        hasNews = false; // before what is new is looked at: more of it is news again
        return true;
    }

    public Consumed consumed() {
        return consumed;
    }

    // ---- on the consumer's thread --------------------------------------------------------------

    /** Whether an element of it may be begun; then {@link #ended} follows. */
    public boolean hasBegun() {
        return state.compareAndSet(IDLE, BUSY);
    }

    /** An element was consumed. */
    public void consumed(Consumed after) {
        consumed = after;
        hasNews = true;
        pending.decrementAndGet();
        if (++untold >= UNTOLD_MOST) {
            untold = 0;
            onNews.run();
        }
    }

    /** Whether an element is under way. */
    public boolean isBusy() {
        return (state.get() & BUSY) != 0;
    }

    /** What was begun has ended, consumed or not. */
    public void ended() {
        if (!state.compareAndSet(BUSY, IDLE)) {
            state.set(REVOKED);
            onStopped.run();
        }
    }
}
