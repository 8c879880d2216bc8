package io.tuli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A bounded, ordered sequence of committed changes and events ({@code Feed<Change>}) or whole
 * entries ({@code Feed<Committed>}), read from the local replica. Immutable: each refinement
 * answers another feed; nothing runs before it is subscribed to.
 *
 * <p>Order holds within a partition, each change once; there is none between partitions. A feed
 * that cannot go on without a gap says so with {@link Change.Kind#RESET}.
 */
public interface Feed<E> {

    /** Only these verbs; RESET always comes through. */
    Feed<E> verbs(String... verbs);

    /**
     * The events of these names that handlers told ({@link Turn#event}), in their place after the
     * changes of their entry; without a name all. A feed that asks for events alone tells no
     * changes: with {@link #verbs}, it tells both. {@link #keys} applies to the key of the message
     * whose turn told an event.
     *
     * <p>Each event comes once, across restarts of servers, changes of owner and merges after a
     * split. Snapshots hold none: where the changelog no longer reaches back to the feed's place, a
     * {@link MeshEvent.Kind#EVENTS_LOST} says so.
     */
    Feed<E> events(String... names);

    /**
     * Only changes that concern keys of a pattern: segments joined by dots, where {@code *} stands
     * for one segment and a last {@code *} for any number of them, as in {@code eu.*}. A change at
     * a key above concerns them, too: {@code u1.city} brings that {@code u1} was replaced or
     * removed.
     */
    Feed<E> keys(String pattern);

    /**
     * Shares the changes with all others of a group of that name, on whichever members: each goes
     * to one of them, in order within a partition, which is read by one at a time. What is consumed
     * - the consumer has returned - is written into the partition's own changelog, so another goes
     * on there when one ends, is paused or dies, without a gap. What a reader consumed and could
     * not say before it died, at most about a tenth of a second of it, comes again.
     *
     * <p>A group begins where its first reader does ({@link #from}: latest, start or exact places),
     * and is known for a day after its last one; it keeps of the changelog what it has not
     * consumed, up to {@code changelog.bytes}, and gets a {@link Change.Kind#RESET} beyond. All its
     * readers should filter alike: what one does not want none gets. A partition has 16 groups at
     * most; the feed of one more ends with OVERLOADED.
     *
     * <p>After a split of the network each side has its readers, and what the other side's have
     * consumed does not come again; what was not consumed when it began may come on both sides.
     *
     * @param name at most 64 letters, digits and {@code _.-}
     * @throws TuliException BAD_REQUEST when it is no such name
     */
    Feed<E> group(String name);

    /**
     * The changes as deliveries to a consumer of that name, each of which is acknowledged by
     * itself. All consumers of the name, on whichever members, share the changes as a {@link
     * #group} does, and it is one: its place, what was acknowledged beyond it, attempts and
     * rejected changes are in the partition's own changelog.
     *
     * <p>At least once: each change is delivered until it is acknowledged, or rejected and kept as
     * such, across kills of readers and owners, splits, and for a durable service restarts of all.
     * What was acknowledged within the last {@code groups.report} (100 ms) before a reader died may
     * come again. Changes of a key come in order, except for those that come again.
     *
     * @param name as of a {@link #group}, of which it is one
     * @throws TuliException BAD_REQUEST when it is no such name
     * @throws IllegalArgumentException on a feed of whole entries
     */
    Deliveries consumer(String name);

    Feed<E> filter(Predicate<? super E> wanted);

    /** Where to begin; {@link Position#latest()} unless said. */
    Feed<E> from(Position position);

    /** How many may be fetched and not yet consumed; 1,000 unless said. */
    Feed<E> limit(int unconsumed);

    /** What happens beyond the limit; {@link Overflow#WAIT} unless said. */
    Feed<E> overflow(Overflow policy);

    /**
     * Calls the consumer for each, one at a time, on a virtual thread of the feed's own, until
     * closed.
     */
    Subscription each(Consumer<? super E> consumer);

    /** The feed for reactive consumers; each subscriber gets its own. */
    Flow.Publisher<E> publisher();

    /**
     * The feed as an endless blocking stream, to filter, map and reduce; close it to end the feed.
     */
    Stream<E> stream();

    /** A consumer that has not begun: how it acknowledges. Immutable. */
    interface Deliveries {

        /**
         * So many changes at most are fetched and neither acknowledged nor rejected, 1 to {@code
         * groups.in.flight} (1,000), which is what counts unless said. At the limit nothing more is
         * delivered.
         *
         * @throws IllegalArgumentException when it is no such number
         */
        Deliveries inFlight(int changes);

        /**
         * What is not acknowledged within that time comes again at once; 30 s unless said, 100 ms
         * to 1 day. {@link Delivery#extend} begins it anew.
         *
         * @throws IllegalArgumentException when it is no such time
         */
        Deliveries ackWait(Duration within);

        /**
         * A change that has been delivered so often and was not acknowledged is rejected; 5 unless
         * said.
         *
         * @throws IllegalArgumentException when it is not 1..1,000,000
         */
        Deliveries attempts(int most);

        /**
         * How long {@link Delivery#retry()} waits after the first attempt, the second, and so on;
         * the last one counts for all that follow. 1 s, 10 s, 1 min unless said.
         *
         * @throws IllegalArgumentException when there is none, or one is not 0..7 days
         */
        Deliveries backOff(Duration... delays);

        /**
         * Calls the consumer for each delivery, one at a time, on a virtual thread of its own,
         * until closed. It may acknowledge later, on any thread. One that throws asks for the
         * change again, as {@link Delivery#retry()} does.
         *
         * <p>When it is closed, what it has not acknowledged goes to another consumer. Where there
         * is no room for another group or reader, it ends with OVERLOADED.
         */
        Subscription each(Consumer<? super Delivery> consumer);

        /**
         * The changes that consumers of this name have rejected, or not acknowledged in all
         * attempts, as far as this member's replica knows. Of a partition {@code groups.rejected}
         * (100) are kept, until they are discarded; one more stays unacknowledged until there is
         * room.
         *
         * @throws IllegalStateException on an event loop, which must not wait
         */
        List<Rejected> rejected();

        /**
         * Keeps a rejected change no more; waits until this member's replica shows that.
         *
         * @throws TuliException TIMEOUT when it does not within 10 s
         * @throws IllegalStateException on an event loop, which must not wait
         */
        void discard(Rejected rejected);
    }

    /**
     * One attempt to have a change consumed. Thread-safe. Each method answers whether it counted:
     * not where the change was acknowledged, is delivered again, or was given to another consumer.
     */
    interface Delivery {

        Change change();

        /** 1 for the first. */
        int attempt();

        /** It is consumed. */
        boolean ack();

        /** It is to come again, after the consumer's back-off. */
        boolean retry();

        /**
         * It is to come again after so long.
         *
         * @throws IllegalArgumentException when it is not 0..7 days
         */
        boolean retry(Duration delay);

        /** It is being worked on: the time to acknowledge begins anew. */
        boolean extend();

        /** It is never to come again, and to be kept as {@link Deliveries#rejected}. */
        boolean reject(String why);
    }

    /**
     * A change that was not consumed. Immutable.
     *
     * @param change without a value where that has more than 32 KiB
     * @param attempts how often it was delivered
     * @param at when it was rejected, by the consumer's clock
     * @param why for people
     */
    record Rejected(Change change, int attempts, Instant at, String why) {}

    /** A running feed. */
    interface Subscription extends AutoCloseable {

        /** The place after the last change consumed: where another feed would go on. */
        Position position();

        /** Changes dropped by {@link Overflow#DROP_OLDEST}. */
        long dropped();

        /** Completes when the feed has ended, exceptionally when it failed. */
        java.util.concurrent.CompletionStage<Void> ended();

        @Override
        void close();
    }
}
