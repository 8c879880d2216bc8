package io.tuli.feed;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Overflow;
import io.tuli.TuliException;
import io.tuli.hold.Acks;
import io.tuli.spin.Waiter;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the loops, which fetch, and the consumer of one feed: the items on their way,
 * how far each partition is, and whether the feed has ended. Thread-safe.
 *
 * <p>Ending is one step from any thread, and the first wins.
 */
final class FeedBuffer {

    private final FeedPlan<?> plan;
    private final String service;
    private final FeedInbox inbox;
    private final FeedPositions places;
    private final Runnable onEnd;
    private final ConcurrentLinkedQueue<Acks.One> again = new ConcurrentLinkedQueue<>();
    private final Waiter waiter = new Waiter();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    /**
     * A feed begins.
     *
     * @param starts where, by partition
     * @param onEnd called once, when it has ended, on the thread that ended it
     */
    FeedBuffer(FeedPlan<?> plan, String service, LogPosition[] starts, Runnable onEnd) {
        this.plan = plan;
        this.service = service;
        this.inbox = new FeedInbox(plan.limit(), plan.overflow());
        this.places = new FeedPositions(starts);
        this.onEnd = onEnd;
    }

    FeedPlan<?> plan() {
        return plan;
    }

    FeedInbox inbox() {
        return inbox;
    }

    FeedPositions places() {
        return places;
    }

    // ---- what comes again ----------------------------------------------------------------------

    /** These are to be delivered again. */
    void again(List<Acks.One> due) {
        if (!due.isEmpty()) {
            again.addAll(due);
            waiter.signal();
        }
    }

    /** The next of those; null if there is none. */
    Acks.@Nullable One again() {
        return again.poll();
    }

    /** Whether it is worth a task on a loop to fetch more. */
    boolean isHungry() {
        return plan.acks() == null ? inbox.isLow() : inbox.hasRoom();
    }

    /** Whether the consumer has something to do. */
    boolean hasWork() {
        return !inbox.isEmpty() || !again.isEmpty();
    }

    // ---- what was lost -------------------------------------------------------------------------

    void dropped(Item item) {
        dropped.addAndGet(item.changes());
        places.withdrawn(item.partition);
    }

    /** How many changes were dropped. */
    long dropped() {
        return dropped.get();
    }

    void overflowed() {
        end(
                new TuliException(
                        Failure.OVERLOADED,
                        "a feed with overflow FAIL must keep up: service="
                                + service
                                + " limit="
                                + plan.limit()
                                + "; consume faster, raise the limit, or use "
                                + Overflow.WAIT));
    }

    // ---- the end -------------------------------------------------------------------------------

    boolean isOpen() {
        return end.get() == null;
    }

    /** Ends the feed; nothing is delivered any more. Null where nothing went wrong. */
    void end(@Nullable Throwable failure) {
        if (end.compareAndSet(null, new End(failure))) {
            onEnd.run();
            inbox.clear();
            waiter.signal();
        }
    }

    @Nullable Throwable failure() {
        End how = end.get();
        return how == null ? null : how.failure;
    }

    private record End(@Nullable Throwable failure) {}

    // ---- waiting -------------------------------------------------------------------------------

    /** Makes whoever waits look again. */
    void signal() {
        waiter.signal();
    }

    /** Waits until the condition holds or the feed has ended; false if it was interrupted. */
    boolean await(BooleanSupplier condition) {
        return waiter.await(() -> condition.getAsBoolean() || !isOpen());
    }
}
