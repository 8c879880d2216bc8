package io.tuli.archive;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.Verbs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sets the documents of a snapshot, some at once, until one fails. Counts are true when {@link
 * #load} has returned or thrown.
 */
final class SnapshotLoad {

    /** Documents on their way at once; their calls, too, are bounded in bytes. */
    private static final int ON_THEIR_WAY_MOST = 256;

    private final Commit commit;
    private final boolean isOnlyMissing;
    private final Duration timeout;
    private final Semaphore room = new Semaphore(ON_THEIR_WAY_MOST);
    private final AtomicLong loaded = new AtomicLong();
    private final AtomicLong kept = new AtomicLong();
    private final AtomicReference<@Nullable TuliException> failed = new AtomicReference<>();
    private long expired;

    /**
     * @param commit when a document counts as loaded
     * @param isOnlyMissing whether those that are there stay as they are
     * @param timeout of each
     */
    SnapshotLoad(Commit commit, boolean isOnlyMissing, Duration timeout) {
        this.commit = commit;
        this.isOnlyMissing = isOnlyMissing;
        this.timeout = timeout;
    }

    /** Sends them, and waits for all that were sent. */
    void load(Service<Payload> service, Path file) throws IOException {
        try {
            SnapshotReader.read(file, document -> send(service, document));
        } finally {
            room.acquireUninterruptibly(ON_THEIR_WAY_MOST); // Each has its deadline.
        }
    }

    private boolean send(Service<Payload> service, SnapshotReader.Document document) {
        Instant expires = document.expires();
        Instant now = Instant.now();
        if (expires != null && !expires.isAfter(now)) {
            expired++;
            return true;
        }
        Message plain =
                Message.of(Verbs.UPDATE, document.value())
                        .key(document.key())
                        .within(timeout)
                        .commit(commit);
        Message lasting =
                expires == null
                        ? plain.expireNever()
                        : plain.expireAfter(Duration.between(now, expires));
        room.acquireUninterruptibly();
        service.send(isOnlyMissing ? lasting.ifAbsent() : lasting, Payload.class)
                .committed()
                .whenComplete(
                        (receipt, error) -> {
                            count(error, document);
                            room.release();
                        });
        return failed.get() == null;
    }

    private void count(@Nullable Throwable error, SnapshotReader.Document document) {
        Throwable cause = error instanceof CompletionException both ? both.getCause() : error;
        if (cause == null) {
            loaded.incrementAndGet();
        } else if (cause instanceof TuliException refused
                && refused.failure() == Failure.CONFLICT
                && isOnlyMissing) {
            kept.incrementAndGet();
        } else {
            Failure kind =
                    cause instanceof TuliException refused
                            ? refused.failure()
                            : Failure.UNAVAILABLE;
            failed.compareAndSet(
                    null,
                    new TuliException(
                            kind,
                            "all documents must be loaded, the first that was not is key="
                                    + document.key()
                                    + ": "
                                    + cause.getMessage()
                                    + "; loading again sets all once more, with --missing those"
                                    + " that are not there"));
        }
    }

    long loaded() {
        return loaded.get();
    }

    /** How many were there, and stay. */
    long kept() {
        return kept.get();
    }

    /** How many have gone by themselves since they were saved. */
    long expired() {
        return expired;
    }

    boolean isWhole(long documents) {
        return loaded() + kept() + expired() == documents;
    }

    void requireNoFailure() {
        TuliException first = failed.get();
        if (first != null) {
            throw first;
        }
    }
}
