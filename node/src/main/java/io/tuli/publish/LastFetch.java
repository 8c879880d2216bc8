package io.tuli.publish;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.interest.LastValues;
import io.tuli.protocol.Publication;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches for one feed what members keep: from each, once it knows what the feed wants, so that
 * what is published later comes by itself; page after page, as the feed has room. What is fetched
 * in what order is state under the lock of the member; a virtual thread of its own fetches, and
 * ends with the last of it, or with the feed.
 */
final class LastFetch {

    /** As often as a member is asked that has no time for it. */
    private static final int TRIES = 5;

    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RunningEvents feed;
    private final long version;
    private final Source source;

    /** Those that may not know yet what is wanted. */
    private final Set<MemberId> awaited = new LinkedHashSet<>();

    /** Those that are to be asked, the one included that is being asked. */
    private final ArrayDeque<MemberId> due = new ArrayDeque<>();

    /** Where it fetches from. */
    interface Source {

        /**
         * A page of what a member keeps. On a thread that may wait.
         *
         * @throws TuliException where it cannot be had
         */
        LastValues.Page page(MemberId member, LastPages.Question question);

        /** Gives one to the feed, under the lock of the member. */
        void offer(RunningEvents feed, MemberId member, Publication value);

        /** One is done: the next of the feed; null if there is none. */
        @Nullable MemberId next(LastFetch fetch, MemberId done);
    }

    /**
     * For a feed.
     *
     * @param version of the interest with which others know what it wants
     */
    LastFetch(RunningEvents feed, long version, Source source) {
        this.feed = feed;
        this.version = version;
        this.source = source;
    }

    long version() {
        return version;
    }

    // ---- under the lock of the member ----------------------------------------------------------

    /** It is to be asked once it knows. */
    void await(MemberId member) {
        awaited.add(member);
    }

    void gone(MemberId member) {
        awaited.remove(member);
    }

    /** Asks those that know by now. */
    void look(Predicate<MemberId> isKnown) {
        boolean isIdle = due.isEmpty();
        awaited.removeIf(member -> isKnown.test(member) && due.add(member));
        MemberId first = due.peek();
        if (isIdle && first != null) {
            Thread.ofVirtual().name("tuli-events-last").start(() -> fetch(first));
        }
    }

    /** Whether there is nobody left to ask. */
    boolean isDone() {
        return awaited.isEmpty() && due.isEmpty();
    }

    /** That one is done; the next. */
    @Nullable MemberId next(MemberId done) {
        due.removeFirstOccurrence(done);
        return due.peek();
    }

    // ---- on its own thread ---------------------------------------------------------------------

    private void fetch(MemberId first) {
        for (MemberId at = first; at != null && feed.isOpen(); at = source.next(this, at)) {
            try {
                fetchAll(at);
            } catch (TuliException lost) {
                boolean keepsNothing =
                        lost.failure() == Failure.NOT_FOUND
                                || lost.failure() == Failure.METHOD_NOT_ALLOWED
                                || lost.failure() == Failure.NOT_AUTHORISED;
                feed.missed(keepsNothing ? 0 : 1);
            }
        }
    }

    private void fetchAll(MemberId member) {
        String after = "";
        do {
            LastValues.Page page = page(member, after);
            for (Publication value : page.values()) {
                if (!feed.awaitRoom()) {
                    return;
                }
                source.offer(feed, member, value);
            }
            after = page.next();
        } while (!after.isEmpty());
    }

    private LastValues.Page page(MemberId member, String after) {
        LastPages.Question question = new LastPages.Question(feed.plan().patterns(), after);
        for (int tries = 1; ; tries++) {
            try {
                return source.page(member, question);
            } catch (TuliException refused) {
                boolean isBusy = refused.failure() == Failure.OVERLOADED && tries < TRIES;
                if (!isBusy || !feed.isOpenAfter(AGAIN_NANOS)) {
                    throw refused;
                }
            }
        }
    }
}
