package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.Consumed;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A partition that a reader of a group was granted, between the loop that fetches and the consumer:
 * what is consumed, and whether the consumer may begin another element. Who takes the grant back
 * knows when nothing of it runs any more. The loop revokes, the consumer begins and ends.
 */
final class Hold {

    /** After so many elements it is told how far it is, without waiting for the time. */
    private static final int UNTOLD_MOST = 256;

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int REVOKED = 2;

    final LogPosition grant;

    private final Runnable onStopped;
    private final Runnable onNews;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final AtomicInteger pending = new AtomicInteger();
    private volatile Consumed consumed;
    private volatile boolean hasNews;

    /** The consumer's alone. */
    private int untold;

    /**
     * Begins with what others of the group have consumed.
     *
     * @param onStopped called on the consumer's thread when what ran has ended after a revocation
     * @param onNews called there when much was consumed
     */
    Hold(LogPosition grant, Consumed consumed, Runnable onStopped, Runnable onNews) {
        this.grant = grant;
        this.consumed = consumed;
        this.onStopped = onStopped;
        this.onNews = onNews;
    }

    // ---- on the loop ---------------------------------------------------------------------------

    /** Nothing is begun any more; answers whether nothing runs. */
    boolean revoke() {
        return (state.getAndUpdate(before -> before | REVOKED) & BUSY) == 0;
    }

    boolean isRevoked() {
        return (state.get() & REVOKED) != 0;
    }

    /** An element is about to be handed over. */
    void offering() {
        pending.incrementAndGet();
    }

    /** It was not, or is passed over. */
    void withdrawn() {
        pending.decrementAndGet();
    }

    /**
     * All so far has been looked at: it is consumed if nothing of it is under way.
     *
     * @param isNews whether there was something that nobody here wanted
     */
    boolean hasSettled(Consumed all, boolean isNews) {
        if (pending.get() > 0) {
            return false;
        }
        consumed = all;
        hasNews |= isNews;
        return true;
    }

    /** Whether something was consumed since this was asked last. */
    boolean takeNews() {
        boolean news = hasNews;
        hasNews = false;
        return news;
    }

    Consumed consumed() {
        return consumed;
    }

    // ---- on the consumer's thread --------------------------------------------------------------

    /** Whether an element of it may be begun; then {@link #ended} follows. */
    boolean hasBegun() {
        return state.compareAndSet(IDLE, BUSY);
    }

    /** An element was consumed. */
    void consumed(Consumed after) {
        consumed = after;
        hasNews = true;
        pending.decrementAndGet();
        if (++untold >= UNTOLD_MOST) {
            untold = 0;
            onNews.run();
        }
    }

    /** What was begun has ended, consumed or not. */
    void ended() {
        if (!state.compareAndSet(BUSY, IDLE)) {
            state.set(REVOKED);
            onStopped.run();
        }
    }
}
