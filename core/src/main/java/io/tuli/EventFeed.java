package io.tuli;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is published of a service while one listens; see {@link Service#publish}. Immutable, like
 * every feed. Subjects and patterns are NATS's.
 *
 * <p>At most once: what is lost with a link or a member, or dropped because somebody is too slow,
 * is not sent again. {@link Running#missed} and {@link Running#dropped} count it. What one member
 * publishes of one service comes in its order, and nothing comes twice. After a split nothing comes
 * of what the other side published meanwhile.
 *
 * <p>A consumer that has fallen behind by {@link #limit} events, 1,000 unless said, or by 16 MiB,
 * loses some, by its {@link #overflow}: {@link Overflow#DROP_OLDEST} unless said. Nobody waits for
 * it: {@link Overflow#WAIT} is refused.
 *
 * <p>Events are in no changelog: {@link #from}, {@link #verbs} and {@link #keys} are BAD_REQUEST.
 */
public interface EventFeed extends Feed<Event> {

    /**
     * Only events whose subject fits one of these patterns: tokens joined by dots, of which {@code
     * *} stands for any one, and a last {@code >} for one or more. All events unless said.
     *
     * <p>A member tells others 1,000 patterns of a service exactly. Beyond, it hears all of the
     * service and sorts out what it wants.
     *
     * @throws TuliException BAD_REQUEST when one is no pattern
     */
    EventFeed subjects(String... patterns);

    /**
     * Joins a group of that name: of all subscribers of the service in one group, wherever they
     * are, one gets each event. Who publishes picks it: of those on its own machine before others,
     * and in turn. There is no second try if that one goes just then.
     *
     * @param name at most 64 letters, digits and {@code _.-}
     * @throws TuliException BAD_REQUEST when it is no such name
     */
    @Override
    EventFeed group(String name);

    /** Without what this member itself publishes. */
    EventFeed noEcho();

    /**
     * Begins with what is kept: of each subject the last that was {@linkplain Service#retain
     * published to be kept}, as events that are {@link Event#isLast}. What is published from then
     * on comes as ever.
     *
     * <p>Each member that has published such values keeps its own, and is asked once all know what
     * this feed wants; and once more whenever a link to it comes back. Of several that kept a value
     * of one subject the newest wins, by the clocks of those that published them: what is older
     * than what this feed has had of the subject does not come. (It remembers 10,000 subjects.) The
     * values of a member that has died or left are gone with it: who has not had them gets none.
     *
     * <p>What cannot be fetched within five seconds counts as {@link Running#missed}.
     *
     * @throws TuliException BAD_REQUEST in a group, whose members share what comes
     */
    EventFeed withLast();

    @Override
    EventFeed filter(Predicate<? super Event> wanted);

    @Override
    EventFeed limit(int unconsumed);

    @Override
    EventFeed overflow(Overflow policy);

    /**
     * @throws TuliException TOO_LARGE where this member wants too many patterns, CLOSED when it has
     *     left the mesh
     */
    @Override
    Running each(Consumer<? super Event> consumer);

    /** A running feed of events. */
    interface Running extends Feed.Subscription {

        /**
         * Completes when all members that are there know of it: what they publish from then on
         * comes. {@linkplain #withLast With what is kept}, all of that has come, too, or counts as
         * missed. Mostly that takes milliseconds. Exceptionally, with CLOSED, when the feed ended
         * before.
         */
        CompletableFuture<Void> ready();

        /**
         * So many publications of the service that came to nothing on their way here, as the gaps
         * in their numbers show: this feed may have wanted them or not.
         */
        long missed();
    }
}
