package io.tuli;

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
