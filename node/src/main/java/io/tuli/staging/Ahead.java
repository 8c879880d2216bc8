package io.tuli.staging;

import io.tuli.storage.Disk;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the next segment while the one in use is written: on a thread of its own for each, because
 * it takes as long as to write it. The disk's thread alone uses this.
 */
final class Ahead {

    private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String member;
    private final Journal journal;
    private final Runnable wake;
    private @Nullable Work work;
    private @Nullable JournalException full;
    private long retryAt;

    Ahead(String member, Journal journal, Runnable wake) {
        this.member = member;
        this.journal = journal;
        this.wake = wake;
    }

    /** One segment in the making: written by its thread, read when that has ended. */
    private final class Work {

        private final Thread thread;
        private volatile boolean isDone;
        private Disk.@Nullable File made;
        private @Nullable JournalException failed;

        Work(long reserveBytes) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("tuli-disk-ahead-" + member)
                            .unstarted(() -> make(reserveBytes));
        }

        private void make(long reserveBytes) {
            try {
                made = journal.made(reserveBytes);
            } catch (JournalException noRoom) {
                failed = noRoom;
            } catch (Throwable bug) {
                failed = JournalException.failed("no segment could be made", bug);
            } finally {
                isDone = true;
                wake.run();
            }
        }
    }

    /**
     * Takes what is ready, or begins, where it is time to.
     *
     * @param reserveBytes stay free on the disk
     */
    void advance(long reserveBytes) {
        Work running = work;
        if (running == null) {
            if (full == null || System.nanoTime() - retryAt >= 0) {
                work = new Work(reserveBytes);
                work.thread.start();
            }
        } else if (running.isDone) {
            work = null;
            full = running.failed;
            retryAt = System.nanoTime() + RETRY_NANOS;
            if (running.made != null) {
                take(running.made);
            }
        }
    }

    private void take(Disk.File made) {
        try {
            journal.prepared(made);
        } catch (IOException unclosed) {
            LOG.warn("A file of the journal could not be closed", unclosed);
        }
    }

    /** Why there is no room; null while there is, as far as is known. */
    @Nullable JournalException full() {
        return full;
    }

    boolean isRunning() {
        return work != null;
    }

    /** Whether {@link #advance} has something to take. */
    boolean isReady() {
        return work != null && work.isDone;
    }

    /** For how long there is nothing to do; it is woken when a segment is ready. */
    long waitNanos() {
        return work != null ? RETRY_NANOS : Math.max(1, retryAt - System.nanoTime());
    }

    /** Begins nothing more. False if what was begun does not end within that time. */
    boolean close(Duration within) {
        Work running = work;
        if (running == null) {
            return true;
        }
        if (!DiskThread.hasEnded(running.thread, within)) {
            return false;
        }
        if (running.made != null) {
            take(running.made);
        }
        return true;
    }
}
