package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.TuliException;
import io.tuli.error.Require;
import io.tuli.hold.AckRules;
import io.tuli.hold.Acks;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.spin.LoopThread;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer that has not begun, and what is kept of it. Immutable. */
record DeliveryQuery(Feeds feeds, FeedPlan<Change> plan) implements Feed.Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryQuery.class);
    private static final long LOOK_SECONDS = 10;
    private static final long LOOK_NANOS = 20_000_000L;
    private static final int SAY_LOOKS = 25;

    private AckRules rules() {
        return Objects.requireNonNull(plan.acks());
    }

    private Feed.Deliveries with(AckRules rules) {
        return new DeliveryQuery(feeds, plan.acks(rules));
    }

    @Override
    public Feed.Deliveries inFlight(int changes) {
        int most = source().groups().inFlight();
        Require.argument(
                changes >= 1 && changes <= most,
                "a consumer has 1..groups.in.flight=" + most + " changes in flight",
                changes);
        return with(rules().inFlight(changes));
    }

    @Override
    public Feed.Deliveries ackWait(Duration within) {
        return with(rules().ackWait(within));
    }

    @Override
    public Feed.Deliveries attempts(int most) {
        return with(rules().attempts(most));
    }

    @Override
    public Feed.Deliveries backOff(Duration... delays) {
        return with(rules().backOff(List.of(delays)));
    }

    @Override
    public Feed.Subscription each(Consumer<? super Feed.Delivery> consumer) {
        Objects.requireNonNull(consumer, "a consumer is not null");
        RunningFeed<Change> feed = feeds.open(plan);
        feed.consumeOnThread("consumer-" + plan.group(), () -> consume(feed, consumer));
        return feed;
    }

    private static void consume(
            RunningFeed<Change> feed, Consumer<? super Feed.Delivery> consumer) {
        try {
            while (feed.isOpen()) {
                if (!hasDelivered(feed, consumer)) {
                    feed.awaitWork();
                }
            }
        } catch (Throwable thrown) {
            feed.broke(thrown);
        }
        feed.finish();
    }

    /** Delivers what comes next; false if there is nothing now. */
    static boolean hasDelivered(
            RunningFeed<Change> feed, Consumer<? super Feed.Delivery> consumer) {
        Acks.One again = feed.pollAgain();
        if (again != null) {
            deliver(again, consumer);
            feed.endBegun();
            return true;
        }
        Item item = feed.poll();
        if (item == null) {
            return false;
        }
        for (Acks.One one : feed.begin(item, feed.elements(item))) {
            if (feed.isOpen()) {
                deliver(one, consumer);
            }
        }
        feed.endBegun();
        return true;
    }

    private static void deliver(Acks.One one, Consumer<? super Feed.Delivery> consumer) {
        Feed.Delivery delivery = one.give();
        if (delivery == null) {
            return;
        }
        try {
            consumer.accept(delivery);
        } catch (Throwable thrown) {
            boolean comesAgain = delivery.retry();
            Wall.log(
                    LOG,
                    "A consumer threw"
                            + (comesAgain ? ", its change comes again: " : ": ")
                            + "key="
                            + delivery.change().key()
                            + " position="
                            + delivery.change().position()
                            + " attempt="
                            + delivery.attempt(),
                    thrown);
        }
    }

    // ---- what was rejected ---------------------------------------------------------------------

    private FeedSource source() {
        return feeds.hub().source();
    }

    @Override
    public List<Feed.Rejected> rejected() {
        LoopThread.requireMayWait("what a consumer has rejected");
        FeedSource source = source();
        List<CompletableFuture<List<Feed.Rejected>>> parts = new ArrayList<>();
        for (int loop = 0; loop < source.loops(); loop++) {
            int on = loop;
            CompletableFuture<List<Feed.Rejected>> part = new CompletableFuture<>();
            source.execute(loop, () -> part.complete(rejectedOn(on)));
            parts.add(part);
        }
        List<Feed.Rejected> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(awaited(part)));
        all.sort(Comparator.comparing(Feed.Rejected::at));
        return List.copyOf(all);
    }

    /** On that loop. */
    private List<Feed.Rejected> rejectedOn(int loop) {
        List<Feed.Rejected> some = new ArrayList<>();
        for (int partition = 0; partition < source().partitions(); partition++) {
            if (source().loopOf(partition) == loop) {
                for (Extras.Rejected each : held(partition)) {
                    some.add(shown(partition, each));
                }
            }
        }
        return some;
    }

    private List<Extras.Rejected> held(int partition) {
        GroupPlace place = source().group(partition, plan.group());
        return place == null ? List.of() : place.acks().rejected();
    }

    private Feed.Rejected shown(int partition, Extras.Rejected kept) {
        Change change =
                new Change(
                        partition,
                        kept.at(),
                        Instant.ofEpochMilli(kept.changedMillis()),
                        RequestId.NONE,
                        kept.kind(),
                        kept.key(),
                        kept.payload(),
                        ((Shape.OfChanges) plan.shape()).codec(),
                        kept.event(),
                        false,
                        null,
                        List.of(),
                        Change.Reason.REQUEST);
        Instant at = Instant.ofEpochMilli(kept.atMillis());
        return new Feed.Rejected(change, kept.attempts(), at, kept.why());
    }

    private <T> T awaited(CompletableFuture<T> part) {
        try {
            return part.get(LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw refused(Failure.CANCELLED, "the thread was interrupted while it waited");
        } catch (ExecutionException | TimeoutException closed) {
            throw refused(Failure.CLOSED, "the mesh answers no more");
        }
    }

    private TuliException refused(Failure failure, String why) {
        return new TuliException(
                failure, why + ": service=" + source().service() + " consumer=" + plan.group());
    }

    @Override
    public void discard(Feed.Rejected rejected) {
        LoopThread.requireMayWait("that a rejected change is discarded");
        int partition = rejected.change().partition();
        LogPosition at = rejected.change().position();
        Require.argument(
                partition >= 0 && partition < source().partitions(),
                "a rejected change is one of this service: partition",
                partition);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOOK_SECONDS);
        for (int look = 0; System.nanoTime() - end < 0; look++) {
            boolean isSaid = look % SAY_LOOKS == 0;
            if (awaited(asked(partition, place -> isGone(place, at, isSaid)))) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw refused(Failure.TIMEOUT, "a rejected change is discarded within 10 s");
    }

    private <T> CompletableFuture<T> asked(int partition, IntFunction<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        source().execute(
                        source().loopOf(partition),
                        () -> answer.complete(question.apply(partition)));
        return answer;
    }

    /** On the partition's loop; if it is there, it is said now and then that it is to go. */
    private boolean isGone(int partition, LogPosition at, boolean isSaid) {
        boolean isThere = held(partition).stream().anyMatch(each -> each.at().equals(at));
        if (isThere && isSaid) {
            int service = ServiceSpec.numberOf(source().service());
            source().step(
                            source().loopOf(partition),
                            new Input.ReaderDiscarded(service, partition, plan.group(), at));
        }
        return !isThere;
    }
}
