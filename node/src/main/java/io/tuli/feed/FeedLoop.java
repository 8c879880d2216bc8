package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.EntryReader;
import io.tuli.log.SourceMark;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The part of a feed that lives on one loop: the cursors of that loop's partitions, and in turn
 * those that have something to fetch. Used on its loop alone, except {@link #refill}.
 *
 * <p>When the inbox is full it is starved: it does nothing, whatever progresses, until the consumer
 * has made room and asks for more. Both look at the other's side after they have written their own,
 * so one of the two always sees.
 */
final class FeedLoop implements Tap.Part {

    /** Entries and cursors looked at in one go before the loop may do something else. */
    private static final int WORK_MAX = 512;

    private final FeedBuffer feed;
    private final FeedSource source;
    private final int loop;
    private final @Nullable Cursor[] cursors;
    private final ArrayDeque<Cursor> ready = new ArrayDeque<>();
    private final Set<Cursor> ahead = new LinkedHashSet<>();
    private final EntryReader reader = new EntryReader();
    private final AtomicBoolean isStarved = new AtomicBoolean();
    private int work;

    FeedLoop(FeedBuffer feed, FeedSource source, int loop) {
        this.feed = feed;
        this.source = source;
        this.loop = loop;
        this.cursors = new Cursor[source.partitions()];
    }

    /** Before it is attached: follows a partition from a place, at once if that is settled. */
    void add(int partition, LogPosition start, boolean isSettled) {
        cursors[partition] = new Cursor(feed, source, partition, start, isSettled, reader);
    }

    @Override
    public void attached() {
        for (int partition = 0; partition < cursors.length; partition++) {
            if (cursors[partition] != null) {
                progressed(partition);
            }
        }
        pump();
    }

    @Override
    public void progressed(int partition) {
        enqueue(cursor(partition));
    }

    @Override
    public void synced(int partition, LogPosition place) {
        cursor(partition).synced(place);
    }

    @Override
    public void replaced(int partition) {
        cursor(partition).replaced();
    }

    @Override
    public void marked(int partition, List<SourceMark> marks) {}

    /** Those whose place does not come are not to wait for ever. */
    @Override
    public void tick(long nowNanos) {
        if (!ahead.isEmpty() && ahead.removeIf(cursor -> hasWaited(cursor, nowNanos))) {
            pump();
        }
    }

    private boolean hasWaited(Cursor cursor, long nowNanos) {
        boolean hasWaited = cursor.hasWaited(nowNanos);
        if (hasWaited) {
            enqueue(cursor);
        }
        return hasWaited;
    }

    @Override
    public void turn() {
        pump();
    }

    @SuppressWarnings("NullAway") // a hub tells a loop of the loop's own partitions
    private Cursor cursor(int partition) {
        return cursors[partition];
    }

    private void enqueue(Cursor cursor) {
        if (!cursor.isQueued) {
            cursor.isQueued = true;
            ready.add(cursor);
        }
    }

    @Override
    public void refill() {
        if (isStarved.get() && isStarved.compareAndSet(true, false)) {
            source.execute(loop, this::pump);
        }
    }

    private void pump() {
        if (isStarved.get()) {
            return;
        }
        work = 0;
        boolean mayGoOn = true;
        while (mayGoOn && !ready.isEmpty() && work < WORK_MAX && feed.isOpen()) {
            mayGoOn = hasFetched();
        }
        feed.signal();
        if (mayGoOn && !ready.isEmpty() && feed.isOpen()) {
            source.execute(loop, this::pump);
        }
    }

    /** Fetches one slice; false when there is no room and the consumer will ask for more. */
    private boolean hasFetched() {
        Cursor cursor = ready.element();
        Cursor.Fetched fetched = cursor.fetch();
        work += 1 + cursor.looked();
        switch (fetched) {
            case DONE -> {
                ready.remove();
                cursor.isQueued = false;
            }
            case AHEAD -> {
                ready.remove();
                cursor.isQueued = false;
                ahead.add(cursor);
            }
            case MORE -> {
                ready.remove();
                ready.add(cursor);
            }
            case AGAIN -> {}
            case FULL -> {
                isStarved.set(true);
                feed.signal();
                return feed.inbox().isLow() && isStarved.compareAndSet(true, false);
            }
        }
        return true;
    }
}
