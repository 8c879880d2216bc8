package io.tuli.connect;

import io.tuli.Committed;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.Service;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The changes of some partitions, as {@link Note}s: a bounded number, so that what a store does not
 * take waits in the changelog. Made and read by one thread.
 */
final class Intake implements AutoCloseable {

    private static final int NOTES_MAX = 1_024;
    private static final long LOOK_MILLIS = 100;

    private final BlockingQueue<Note> notes = new ArrayBlockingQueue<>(NOTES_MAX);
    private final BitSet wanted;
    private final Feed.Subscription running;
    private volatile boolean isClosed;

    /**
     * @param from by partition; those not wanted are followed, too, and left out
     * @param wanted not changed any more
     */
    @SuppressWarnings("this-escape") // nothing comes before it is made
    Intake(Service<Payload> service, SortedMap<Integer, LogPosition> from, BitSet wanted) {
        this.wanted = wanted;
        this.running = service.commits().from(Position.exact(from)).each(this::take);
    }

    /** Where all partitions are now, as a feed knows it. */
    static SortedMap<Integer, LogPosition> latest(Service<Payload> service) {
        try (Feed.Subscription probe =
                service.commits().from(Position.latest()).each(entry -> {})) {
            return probe.position().exact();
        }
    }

    private void take(Committed entry) {
        if (!wanted.get(entry.partition())) {
            return;
        }
        Note note = Note.of(entry);
        try {
            while (!isClosed && !notes.offer(note, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                // The store is slower than the changes: they wait in the changelog.
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next note; null where there is none in that time. */
    @Nullable Note poll(long nanos) throws InterruptedException {
        return nanos <= 0 ? notes.poll() : notes.poll(nanos, TimeUnit.NANOSECONDS);
    }

    int waiting() {
        return notes.size();
    }

    /** The places after what was put here. */
    SortedMap<Integer, LogPosition> positions() {
        return running.position().exact();
    }

    /** Whether the feed has ended by itself. */
    boolean isBroken() {
        return !isClosed && running.ended().toCompletableFuture().isDone();
    }

    @Override
    public void close() {
        isClosed = true;
        running.close();
    }
}
