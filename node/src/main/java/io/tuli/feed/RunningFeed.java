package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.TuliException;
import io.tuli.hold.Acks;
import io.tuli.hold.Hold;
import io.tuli.spin.LoopThread;
import io.tuli.spin.MeshFuture;
import io.tuli.wall.Wall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed that has begun: its parts on the loops fill an inbox, one consumer empties it.
 *
 * <p>Ending is one step from any thread, the first wins; the consumer's thread notices, calls
 * nobody any more, and {@link #finish}es. Nothing here ever waits except the consumer.
 */
final class RunningFeed<E> implements Feed.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(RunningFeed.class);

    private final FeedHub hub;
    private final FeedPlan<E> plan;
    private final Tap.Part[] parts;
    private final FeedBuffer buffer;
    private final Consumer<RunningFeed<E>> onEnd;
    private final CompletableFuture<Void> whole = new MeshFuture<>();
    private volatile @Nullable Thread thread;

    /** What of a group is read right now. */
    private final AtomicReference<@Nullable Hold> begun = new AtomicReference<>();

    /** What the consumer has, or had last. On its thread. */
    private @Nullable Item taken;

    /**
     * A feed that is about to begin.
     *
     * @param onEnd told once, when it has ended
     */
    RunningFeed(FeedHub hub, FeedPlan<E> plan, Consumer<RunningFeed<E>> onEnd) {
        this.hub = hub;
        this.plan = plan;
        this.onEnd = onEnd;
        FeedSource source = hub.source();
        LogPosition[] starts = new LogPosition[source.partitions()];
        boolean[] isKnown = new boolean[starts.length];
        for (int partition = 0; partition < starts.length; partition++) {
            LogPosition start = plan.from().exact().getOrDefault(partition, LogPosition.START);
            boolean isLatest = plan.from().kind() == Position.Kind.LATEST;
            isKnown[partition] = isLatest && hub.hasSynced(partition);
            starts[partition] = isKnown[partition] ? hub.lastPlace(partition) : start;
        }
        this.buffer = new FeedBuffer(plan, source.service(), starts, this::leaveLoops);
        this.parts = plan.isOfGroup() ? ofGroup() : ofAll(source, starts, isKnown);
    }

    private Tap.Part[] ofGroup() {
        long reader = hub.nextReader();
        Tap.Part[] all = new Tap.Part[hub.source().loops()];
        for (int loop = 0; loop < all.length; loop++) {
            all[loop] = new GroupLoop(buffer, hub, loop, plan.group(), reader);
        }
        return all;
    }

    private Tap.Part[] ofAll(FeedSource source, LogPosition[] starts, boolean[] isKnown) {
        FeedLoop[] all = new FeedLoop[source.loops()];
        for (int loop = 0; loop < all.length; loop++) {
            all[loop] = new FeedLoop(buffer, source, loop);
        }
        for (int partition = 0; partition < starts.length; partition++) {
            all[source.loopOf(partition)].add(partition, starts[partition], isKnown[partition]);
        }
        return all;
    }

    /** Lets the loops begin to fetch. */
    void attach() {
        for (int loop = 0; loop < parts.length; loop++) {
            hub.attach(parts[loop], loop);
        }
    }

    /** Starts the thread on which the consumer is called; it must {@link #finish}. */
    void consumeOnThread(String use, Runnable consumer) {
        String name = "tuli-feed-" + hub.source().service() + "-" + use;
        Thread started =
                Thread.ofVirtual()
                        .name(name)
                        .uncaughtExceptionHandler((own, thrown) -> told(thrown))
                        .unstarted(consumer);
        thread = started;
        started.start();
    }

    // ---- on the consumer's thread --------------------------------------------------------------

    /** The next item as soon as there is one; null when the feed has ended. */
    @Nullable Item take() {
        while (isOpen()) {
            Item item = poll();
            if (item != null) {
                return item;
            }
            awaitWork();
        }
        return null;
    }

    /** Waits until there may be something, or the feed has ended. */
    void awaitWork() {
        awaitUntil(() -> buffer.hasWork() && mayBegin());
    }

    /**
     * The next change that is to be delivered again, if there is one; {@link #endBegun} follows.
     */
    Acks.@Nullable One pollAgain() {
        while (mayBegin()) {
            Acks.One one = buffer.again();
            if (one == null) {
                return null;
            }
            if (one.hold().hasBegun()) {
                begun.set(one.hold());
                return one;
            }
        }
        return null;
    }

    /** What of a polled item is to be delivered, where each change is acknowledged. */
    List<Acks.One> begin(Item item, List<Change> changes) {
        Acks acks = item.hold == null ? null : item.hold.acks();
        if (acks == null || item.taken == null) {
            throw new IllegalStateException("not acknowledged: " + item.position);
        }
        return acks.begin(item.taken, changes, () -> settled(item));
    }

    private void settled(Item item) {
        buffer.places().withdrawn(item.partition);
        released(item);
    }

    /** The next item if there is one. */
    @Nullable Item poll() {
        while (mayBegin()) {
            Item item = buffer.inbox().poll();
            if (item == null || item.hold == null) {
                taken = item == null ? taken : item;
                return item;
            }
            if (item.hold.hasBegun()) {
                begun.set(item.hold);
                taken = item;
                return item;
            }
            passedOver(item, item.hold);
        }
        return null;
    }

    /** Whether what is in the inbox is still to be read here, as far as its loops know. */
    private boolean mayBegin() {
        for (Tap.Part part : parts) {
            if (!part.isAlive()) {
                return false;
            }
        }
        return true;
    }

    /** Others of the group read it. */
    private void passedOver(Item item, Hold hold) {
        hold.withdrawn();
        buffer.places().withdrawn(item.partition);
        released(item);
    }

    /** Waits until the condition holds or the feed has ended; {@link #signal} makes it look. */
    void awaitUntil(BooleanSupplier condition) {
        boolean isOwnThread = Thread.currentThread().equals(thread);
        LoopThread.requireMayWait("the next element of a feed");
        while (!buffer.await(condition)) {
            if (!isOwnThread) {
                throw new TuliException(
                        Failure.CANCELLED,
                        "the thread was interrupted while it waited for a feed: service="
                                + hub.source().service());
            }
            boolean unused = Thread.interrupted();
        }
    }

    void signal() {
        buffer.signal();
    }

    /** The elements of an item that pass the feed's predicates; a RESET always does. */
    List<E> elements(Item item) {
        List<E> elements = plan.shape().of(item);
        if (plan.predicates().isEmpty() || item.kind == Item.Kind.RESET) {
            return elements;
        }
        return elements.stream().filter(this::passes).toList();
    }

    private boolean passes(E element) {
        for (Predicate<? super E> predicate : plan.predicates()) {
            if (!predicate.test(element)) {
                return false;
            }
        }
        return true;
    }

    /** All elements of a taken item have been consumed. */
    void consumed(Item item) {
        if (item.isWithinRun) {
            buffer.places().passed(item);
            return;
        }
        buffer.places().consumed(item);
        if (item.hold != null) {
            item.hold.consumed(item.after);
            endBegun();
        }
        released(item);
    }

    /** What was begun last has been consumed, or delivered. */
    void endBegun() {
        Hold hold = begun.getAndSet(null);
        if (hold != null) {
            hold.ended();
        }
    }

    private void released(Item item) {
        buffer.inbox().release(item);
        if (buffer.isHungry()) {
            for (Tap.Part part : parts) {
                part.refill();
            }
        }
    }

    /** The consumer, or a predicate, threw: that is the end, unless there was one before. */
    void broke(Throwable thrown) {
        boolean isNews = isOpen();
        end(thrown);
        if (isNews) {
            told(thrown);
        }
    }

    private void told(Throwable thrown) {
        Item item = taken;
        String at =
                item == null ? "" : " partition=" + item.partition + " position=" + item.position;
        String feed = "feed=" + Thread.currentThread().getName() + " service=" + service() + at;
        Wall.log(LOG, "A feed has ended, because its consumer threw: " + feed, thrown);
    }

    private String service() {
        return hub.source().service();
    }

    /** The consumer's thread leaves, or the stream is closed: tells whoever waits for the end. */
    @SuppressWarnings("NullAway") // a Void is null
    void finish() {
        end(null);
        endBegun();
        Throwable failure = failure();
        if (failure == null) {
            whole.complete(null);
        } else {
            whole.completeExceptionally(failure);
        }
    }

    FeedInbox inbox() {
        return buffer.inbox();
    }

    // ---- on any thread -------------------------------------------------------------------------

    boolean isOpen() {
        return buffer.isOpen();
    }

    /** Ends the feed; nothing is delivered any more. Null where nothing went wrong. */
    void end(@Nullable Throwable failure) {
        buffer.end(failure);
    }

    private void leaveLoops() {
        for (int loop = 0; loop < parts.length; loop++) {
            hub.detach(parts[loop], loop);
        }
        onEnd.accept(this);
    }

    @Nullable Throwable failure() {
        return buffer.failure();
    }

    /** Wakes a consumer that blocks in code of its own. */
    void interrupt() {
        Thread consumer = thread;
        if (consumer != null) {
            consumer.interrupt();
        }
    }

    @Override
    public Position position() {
        return buffer.places().position();
    }

    @Override
    public long dropped() {
        return buffer.dropped();
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
