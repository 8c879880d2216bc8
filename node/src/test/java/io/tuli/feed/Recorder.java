package io.tuli.feed;

import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A consumer that notes what it sees, and stands still for as long as it is told to. */
final class Recorder implements Consumer<Change> {

    private final List<Change> seen = new CopyOnWriteArrayList<>();
    private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);

    /** One that consumes nothing before {@link #permit}. */
    static Recorder stuck() {
        Recorder recorder = new Recorder();
        recorder.permits.drainPermits();
        return recorder;
    }

    @Override
    public void accept(Change change) {
        permits.acquireUninterruptibly();
        seen.add(change);
    }

    void permit(int count) {
        permits.release(count);
    }

    /** Whether somebody stands in it. */
    boolean isEntered() {
        return permits.hasQueuedThreads();
    }

    List<Change> seen() {
        return List.copyOf(seen);
    }

    /** Like {@code update k1=v}, in order. */
    List<String> texts() {
        return seen.stream().map(Recorder::text).toList();
    }

    static String text(Change change) {
        return switch (change.kind()) {
            case RESET -> "reset";
            case REMOVE, TOUCH -> change.verb() + " " + change.key();
            case EVENT -> change.event() + " " + change.key() + ": " + change.value();
            case UPDATE, ADD, PUSH, INCREMENT, INCLUDE, EXCLUDE ->
                    change.verb() + " " + change.key() + "=" + change.value();
        };
    }

    Recorder awaitCount(int count) {
        await("" + count + " changes, seen: " + seen.size())
                .atMost(Duration.ofSeconds(20))
                .until(() -> seen.size() >= count);
        return this;
    }
}
