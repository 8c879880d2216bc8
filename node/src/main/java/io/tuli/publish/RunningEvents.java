package io.tuli.publish;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.TuliException;
import io.tuli.interest.PublishCore;
import io.tuli.interest.Subscribers;
import io.tuli.protocol.Publication;
import io.tuli.spin.LoopThread;
import io.tuli.spin.MeshFuture;
import io.tuli.spin.Waiter;
import io.tuli.wall.Wall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed of events that has begun: whoever brings events fills its mailbox, one consumer empties
 * it. Ending is one step from any thread, the first wins; the consumer's thread notices, calls
 * nobody any more, and {@link #finish}es. Thread-safe.
 */
final class RunningEvents implements EventFeed.Running, Subscribers.Subscriber {

    private static final Logger LOG = LoggerFactory.getLogger(RunningEvents.class);

    private final Home topic;
    private final EventPlan plan;
    private final Mailbox mailbox;
    private final Waiter waiter = new Waiter();

    /** Whoever fetches what is kept waits for room. */
    private final Waiter room = new Waiter();

    /** Of what is kept; guarded by the lock of the member. */
    private final NewestOfSubjects newest = new NewestOfSubjects();

    private final AtomicLong missed = new AtomicLong();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final CompletableFuture<Void> ready = new MeshFuture<>();
    private final CompletableFuture<Void> whole = new MeshFuture<>();
    private volatile @Nullable Thread thread;
    private volatile boolean isDraining;

    /** Guarded by the lock of the member. */
    private PublishCore.@Nullable Ticket ticket;

    /** What it belongs to: the events of one service. */
    interface Home {

        String name();

        Event event(Mailbox.Arrived arrived);

        /** It is too slow, and loses some. Called under the lock of the member. */
        void slow(EventPlan plan);

        /** It has ended. */
        void leave(RunningEvents feed);
    }

    RunningEvents(Home topic, EventPlan plan) {
        this.topic = topic;
        this.plan = plan;
        this.mailbox = new Mailbox(plan.limit(), plan.overflow());
    }

    private record End(@Nullable Throwable failure) {}

    EventPlan plan() {
        return plan;
    }

    boolean isOf(Home home) {
        return topic.equals(home);
    }

    // ---- under the lock of the member ----------------------------------------------------------

    void ticket(PublishCore.Ticket its) {
        ticket = its;
    }

    PublishCore.@Nullable Ticket takeTicket() {
        PublishCore.Ticket its = ticket;
        ticket = null;
        return its;
    }

    @Override
    public String group() {
        return plan.group();
    }

    @Override
    public boolean hearsOwn() {
        return plan.hearsOwn();
    }

    @Override
    public boolean hasRoom() {
        return mailbox.hasRoom();
    }

    @Override
    public boolean offer(MemberId publisher, Publication publication) {
        boolean isKept = plan.isWithLast() && publication.keptMicros() != 0;
        if (isKept && !newest.takes(publisher, publication)) {
            return true;
        }
        return put(new Mailbox.Arrived(publisher, publication, false));
    }

    /** Takes what a member has kept, unless it has had what is newer, or this itself. */
    void offerLast(MemberId publisher, Publication publication) {
        if (isOpen() && newest.isNews(publisher, publication)) {
            put(new Mailbox.Arrived(publisher, publication, true));
        }
    }

    private boolean put(Mailbox.Arrived arrived) {
        Mailbox.Put put = mailbox.put(arrived);
        if (put.isSlow() && plan.overflow() == Overflow.FAIL) {
            // It ends a moment later: not under the lock.
            Thread.ofVirtual().name("tuli-events-end").start(() -> end(overflowed()));
        } else if (put.isSlow()) {
            topic.slow(plan);
        }
        waiter.signal();
        return put.isTaken();
    }

    @Override
    public void missed(long frames) {
        missed.addAndGet(frames);
    }

    private TuliException overflowed() {
        return new TuliException(
                Failure.OVERLOADED,
                "a feed with overflow FAIL must keep up: service="
                        + topic.name()
                        + " limit="
                        + plan.limit()
                        + "; consume faster, raise the limit, or drop some");
    }

    // ---- on the consumer's thread --------------------------------------------------------------

    /** Starts the thread on which the consumer is called, and which finishes. */
    void consumeOnThread(Runnable consumer) {
        Thread started =
                Thread.ofVirtual()
                        .name("tuli-events-" + topic.name())
                        .unstarted(() -> consume(consumer));
        thread = started;
        started.start();
    }

    private void consume(Runnable consumer) {
        try {
            consumer.run();
        } catch (Throwable thrown) {
            boolean isNews = isOpen();
            end(thrown);
            if (isNews) {
                String text = "A feed of events has ended, because its consumer threw: service=";
                Wall.log(LOG, text + topic.name(), thrown);
            }
        }
        finish();
    }

    /** The next event that is wanted as soon as there is one; null when the feed has ended. */
    @Nullable Event take() {
        while (isOpen()) {
            Mailbox.Arrived arrived = mailbox.poll();
            room.signal();
            if (arrived == null) {
                if (isDraining) {
                    end(null);
                    return null;
                }
                awaitUntil(() -> !mailbox.isEmpty() || isDraining);
            } else {
                Event event = topic.event(arrived);
                if (plan.wants(event)) {
                    return event;
                }
            }
        }
        return null;
    }

    /** Waits until the condition holds or the feed has ended; {@link #signal} makes it look. */
    void awaitUntil(BooleanSupplier condition) {
        boolean isOwnThread = Thread.currentThread().equals(thread);
        LoopThread.requireMayWait("the next event of a feed");
        while (!waiter.await(() -> condition.getAsBoolean() || !isOpen())) {
            if (!isOwnThread) {
                throw new TuliException(
                        Failure.CANCELLED,
                        "the thread was interrupted while it waited for an event: service="
                                + topic.name());
            }
            boolean unused = Thread.interrupted();
        }
    }

    void signal() {
        waiter.signal();
    }

    /** Waits until there is room, or the feed takes nothing more: then it answers false. */
    boolean awaitRoom() {
        return room.await(() -> mailbox.hasRoom() || !isOpen() || isDraining)
                && isOpen()
                && !isDraining;
    }

    /** Waits so long, unless the feed ends before: then it answers false. */
    boolean isOpenAfter(long nanos) {
        return !room.await(() -> !isOpen() || isDraining, nanos);
    }

    /** The consumer leaves: tells whoever waits for the end. */
    @SuppressWarnings("NullAway") // a Void is null
    void finish() {
        end(null);
        Throwable failure = failure();
        if (failure == null) {
            whole.complete(null);
        } else {
            whole.completeExceptionally(failure);
        }
    }

    // ---- on any thread, but not under the lock -------------------------------------------------

    boolean isOpen() {
        return end.get() == null;
    }

    @Nullable Throwable failure() {
        End how = end.get();
        return how == null ? null : how.failure;
    }

    /** Ends the feed; nothing is delivered any more. Null where nothing went wrong. */
    void end(@Nullable Throwable failure) {
        if (end.compareAndSet(null, new End(failure))) {
            topic.leave(this);
            mailbox.clear();
            waiter.signal();
            room.signal();
            ready.completeExceptionally(
                    new TuliException(Failure.CLOSED, "the feed has ended: " + topic.name()));
        }
    }

    /** Takes nothing more, and ends when the consumer has had what is there. */
    void drain() {
        mailbox.close();
        isDraining = true;
        waiter.signal();
        room.signal();
        if (thread == null) {
            end(null);
        }
    }

    boolean isFinished() {
        return whole.isDone();
    }

    /** Wakes a consumer that blocks in code of its own. */
    void interrupt() {
        Thread consumer = thread;
        if (consumer != null) {
            consumer.interrupt();
        }
    }

    @SuppressWarnings("NullAway") // a Void is null
    void becomeReady() {
        ready.complete(null);
    }

    @Override
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    @Override
    public long missed() {
        return missed.get();
    }

    @Override
    public long dropped() {
        return mailbox.dropped();
    }

    @Override
    public Position position() {
        return Position.latest();
    }

    @Override
    public CompletionStage<Void> ended() {
        return whole.copy();
    }

    @Override
    public void close() {
        end(null);
    }
}
