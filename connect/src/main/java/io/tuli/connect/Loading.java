package io.tuli.connect;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fills a service that nobody else has heard of yet. What was left in it by an attempt before, and
 * does not come again, goes in the end. One thread puts.
 */
final class Loading implements Restore {

    /** Documents on their way at once. */
    private static final int IN_FLIGHT = 512;

    private static final long WAIT_SECONDS = 60;

    private final Service<?> service;
    private final Watch watch;
    private final Set<String> before;
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private final AtomicLong documents = new AtomicLong();

    Loading(Service<?> service, Watch watch) {
        this.service = service;
        this.watch = watch;
        this.before = new HashSet<>(service.state().keySet());
    }

    @Override
    public void put(String key, @Nullable Object document) throws InterruptedException {
        Key at = keyOf(key);
        begin(1);
        before.remove(key);
        documents.incrementAndGet();
        told(key, service.update(at, document));
    }

    @Override
    public void remove(String key) throws InterruptedException {
        Key at = keyOf(key);
        begin(1);
        told(key, service.remove(at));
    }

    private static Key keyOf(String key) {
        try {
            return Key.of(key);
        } catch (IllegalArgumentException none) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "a key of the source is none: " + Excerpt.of(key));
        }
    }

    private void begin(int permits) throws InterruptedException {
        watch.proceeded();
        if (!room.tryAcquire(permits, WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new TuliException(
                    Failure.TIMEOUT, "documents of the source must be taken within a minute");
        }
        Throwable why = failed.get();
        if (why != null) {
            throw why instanceof TuliException known
                    ? known.here()
                    : new TuliException(Failure.HANDLER_FAILED, String.valueOf(why));
        }
    }

    private void told(String key, Call<?> call) {
        call.reply()
                .whenComplete(
                        (nothing, why) -> {
                            if (why != null) {
                                failed.compareAndSet(null, at(key, why));
                            }
                            room.release();
                        });
    }

    private static Throwable at(String key, Throwable why) {
        Throwable cause = why.getCause() == null ? why : why.getCause();
        return cause instanceof TuliException known
                ? new TuliException(
                        known.failure(),
                        "a document of the source cannot be taken: key="
                                + Excerpt.of(key)
                                + " because "
                                + known.getMessage())
                : cause;
    }

    /** Waits until all of it is there, and what is not of it is not; how many documents came. */
    long finish() throws InterruptedException {
        for (String key : before) {
            remove(key);
        }
        begin(IN_FLIGHT);
        return documents.get();
    }
}
