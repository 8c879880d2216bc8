package io.tuli.staging;

import io.netty.buffer.ByteBuf;
import io.tuli.protocol.Durations;
import io.tuli.storage.Disk;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes a member's journal. Whatever all loops staged while it was busy is one
 * write and, where any of it asks for that, one sync; then each loop is told the ticket that is
 * kept. So the slower the disk, the more goes at once.
 *
 * <p>A write or a sync that fails ends it, and nothing is kept from then on. A disk that is full
 * does not: loops are told to begin nothing new, and what is on its way waits. The thread owns the
 * journal from {@link #start} on and closes it when it ends.
 */
public final class DiskThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiskThread.class);

    /** After a pause of that length the last block is confirmed. */
    private static final long CONFIRM_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Notes that a segment ends among begin anew with the next. */
    private static final int NOTE_TRIES = 3;

    private static final long NEVER = Long.MAX_VALUE / 4;

    private final Journal journal;
    private final DiskBounds bounds;
    private final DiskListener listener;
    private final List<Staging> stagings = new ArrayList<>();
    private final Thread thread;
    private final Patience patience;
    private final Ahead ahead;
    private final Errands errands;
    private final Notes notes;
    private final Checkpoints checkpoints;
    private volatile boolean isParked;
    private volatile boolean isClosing;
    private long syncAt = NEVER;
    private long confirmAt = NEVER;
    private boolean hasRoom = true;
    private boolean isNoting;

    /**
     * @param member its name, for that of the thread
     * @param before what the journal had when it was opened: all of it was read
     */
    public DiskThread(
            String member,
            OpenJournal opened,
            int loops,
            KeptServices before,
            DiskBounds bounds,
            DiskListener listener) {
        this.journal = opened.journal();
        this.bounds = bounds;
        this.listener = listener;
        this.patience = new Patience(bounds, listener, this::refuse);
        for (int loop = 0; loop < loops; loop++) {
            stagings.add(new Staging(bounds, this::wake));
        }
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("tuli-disk-" + member)
                        .unstarted(() -> run(opened.disk()));
        this.ahead = new Ahead(member, journal, this::wake);
        this.errands = new Errands(this::wake);
        this.notes = new Notes(before.notes());
        this.checkpoints = new Checkpoints(journal, before.needs(), bounds, listener);
    }

    /**
     * A journal, and what it is on.
     *
     * @param disk closed with it
     */
    public record OpenJournal(Disk disk, Journal journal) {}

    public void start() {
        thread.start();
    }

    // ---- any thread ----------------------------------------------------------------------------

    /** What a loop puts its records into. */
    public Staging staging(int loop) {
        return stagings.get(loop);
    }

    /**
     * Writes a note, in place of the one of that key, and syncs it, behind all that was staged
     * before. Completes on the disk's thread; exceptionally where it cannot be kept any more.
     */
    public CompletableFuture<Boolean> note(String key, byte[] value) {
        return errands.note(key, value);
    }

    /**
     * Reads again what there is of services, all that was handed over before included. Completes on
     * the disk's thread, which does nothing else meanwhile.
     */
    public CompletableFuture<KeptServices> read(IntPredicate services) {
        return errands.read(services);
    }

    /** Come often: tells of a disk that is slow, and of one that is stuck. */
    public void look(long now) {
        patience.look(now);
    }

    private void wake() {
        if (isParked) {
            isParked = false;
            LockSupport.unpark(thread);
        }
    }

    /** Writes and syncs what was staged, and ends. Waits for it; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(bounds.stuck());
    }

    /**
     * Writes and syncs what was staged, and ends.
     *
     * @return false if it did not within that time, as with a disk that hangs: then it is left
     *     alone, and the directory stays locked while this process lives
     */
    public boolean close(Duration within) {
        isClosing = true;
        LockSupport.unpark(thread);
        return hasEnded(thread, within);
    }

    /** Waits for a thread's end, an interrupt or not; whether it has come within that time. */
    static boolean hasEnded(Thread thread, Duration within) {
        boolean isInterrupted = Thread.interrupted();
        long end = System.nanoTime() + Durations.nanos(within);
        for (long left = end - System.nanoTime();
                left > 0 && thread.isAlive();
                left = end - System.nanoTime()) {
            try {
                thread.join(Duration.ofNanos(left));
            } catch (InterruptedException hurried) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    // ---- the disk's thread ---------------------------------------------------------------------

    private void run(Disk disk) {
        try {
            writeNotes();
            while (!isClosing || stagings.stream().anyMatch(Staging::isStaged)) {
                turn();
            }
        } catch (JournalException failed) {
            fail(failed);
        } catch (Throwable bug) {
            fail(JournalException.failed("its thread has ended", bug));
        } finally {
            end(disk);
        }
    }

    private void fail(JournalException failed) {
        if (patience.giveUp()) {
            listener.failed(failed);
        }
    }

    private void end(Disk disk) {
        errands.abandon(JournalException.failed("it is closed", null));
        boolean isAlone = ahead.close(bounds.stuck());
        patience.begin();
        try {
            journal.close();
        } catch (IOException | JournalException unclosed) {
            LOG.warn("The journal was not closed; a restart finds all that was kept", unclosed);
        }
        try {
            if (isAlone) { // else somebody still writes there: nobody else may
                disk.close();
            }
        } catch (IOException unclosed) {
            LOG.warn("The directory stays locked while this process lives", unclosed);
        }
        patience.end();
    }

    private void turn() {
        prepareAhead();
        errands.begin(stagings);
        List<Staging> taken = new ArrayList<>(stagings.size());
        List<ByteBuffer> batches = new ArrayList<>(stagings.size());
        long now = System.nanoTime();
        for (Staging staging : stagings) {
            ByteBuffer batch = staging.take();
            errands.taken(staging);
            if (batch != null) {
                taken.add(staging);
                batches.add(batch);
                long within = staging.takenWithinNanos();
                syncAt = Math.min(syncAt, within >= NEVER ? NEVER : now + within);
            }
        }
        long segment = journal.segment();
        if (!taken.isEmpty()) {
            write(batches);
            confirmAt = System.nanoTime() + CONFIRM_NANOS;
        }
        if (errands.note(notes)) {
            writeNotes();
            syncAt = now;
        }
        sync(System.nanoTime());
        for (Staging staging : taken) {
            listener.kept(stagings.indexOf(staging), staging.takenTicket());
            checkpoints.written(staging.takenReplaced(), segment);
        }
        errands.serve(this::replay);
        checkpoints.advance(now, work);
        if (taken.isEmpty()) {
            rest();
        }
    }

    // ---- beside records ------------------------------------------------------------------------

    /** All of them, whatever has changed: they are few, and are in each segment. */
    private void writeNotes() {
        if (isNoting) {
            return;
        }
        isNoting = true;
        long segment = 0;
        for (int tries = 0; tries < NOTE_TRIES && segment != journal.segment(); tries++) {
            segment = journal.segment();
            Map<String, byte[]> queue = notes.queue();
            while (!queue.isEmpty()) {
                ByteBuffer content = journal.content();
                Notes.write(queue, content);
                append(content, JournalRecords.NOTES);
            }
        }
        isNoting = false;
    }

    private KeptServices replay(IntPredicate services) {
        return replay(KeptServices.of(services));
    }

    private KeptServices replay(KeptServices into) {
        journal.replay(into);
        into.end();
        return into;
    }

    /** What checkpoints take of this thread. */
    private final Checkpoints.Work work =
            new Checkpoints.Work() {
                @Override
                public void sync() {
                    if (journal.synced() < journal.written()) {
                        timed(journal::sync);
                    }
                }

                @Override
                public void move(Set<Long> partitions, Needs needs) {
                    replay(KeptServices.ofPartitions(partitions))
                            .forEach(
                                    (key, kept) -> {
                                        ByteBuf bytes = new MovedPartition(key, kept).bytes();
                                        long segment = journal.segment();
                                        cut(
                                                bytes.nioBuffer(),
                                                JournalRecords.MOVED,
                                                JournalRecords.MOVED_ON);
                                        needs.moved(key, bytes.writerIndex(), segment);
                                    });
                }
            };

    // ---- writing -------------------------------------------------------------------------------

    /** Each loop's in one block together, where they fit; else in as many as they take. */
    private void write(List<ByteBuffer> batches) {
        ByteBuffer content = journal.content();
        int empty = content.position();
        for (ByteBuffer batch : batches) {
            if (batch.remaining() > content.remaining() && content.position() > empty) {
                append(content, JournalRecords.BEGINS);
                content = journal.content();
            }
            if (batch.remaining() <= content.remaining()) {
                content.put(batch);
            } else {
                content = cut(batch, JournalRecords.BEGINS, JournalRecords.GOES_ON);
            }
        }
        if (content.position() > empty) {
            append(content, JournalRecords.BEGINS);
        }
    }

    private ByteBuffer cut(ByteBuffer batch, byte begins, byte goesOn) {
        byte kind = begins;
        while (batch.hasRemaining()) {
            ByteBuffer content = journal.content();
            int count = Math.min(content.remaining(), batch.remaining());
            content.put(batch.slice(batch.position(), count));
            batch.position(batch.position() + count);
            append(content, kind);
            kind = goesOn;
        }
        return journal.content();
    }

    private void append(ByteBuffer content, byte kind) {
        while (!journal.hasRoom(content.position())) {
            awaitRoom();
        }
        long segment = journal.segment();
        timed(() -> journal.append(kind));
        if (journal.segment() != segment) {
            checkpoints.begun();
            writeNotes();
        }
    }

    /** The disk is full, or the next segment is not ready: what is in hand waits. */
    private void awaitRoom() {
        if (isClosing && !ahead.isRunning()) {
            journal.prepare(); // the last attempt says why
            return;
        }
        prepareAhead();
        isParked = true;
        if (!journal.isPrepared() && !ahead.isReady()) {
            LockSupport.parkNanos(this, ahead.waitNanos());
        }
        isParked = false;
    }

    private void sync(long now) {
        if (now - syncAt >= 0) {
            syncAt = NEVER;
            work.sync();
            errands.synced();
        }
    }

    private void timed(Runnable work) {
        patience.begin();
        try {
            work.run();
        } finally {
            patience.end();
        }
        if (patience.isGivenUp()) {
            throw JournalException.failed("the disk was stuck and was given up", null);
        }
    }

    /** Nothing to do, for now. */
    private void rest() {
        long now = System.nanoTime();
        if (now - confirmAt >= 0) {
            confirmAt = NEVER;
            if (syncAt == NEVER && journal.hasRoom(0)) {
                timed(journal::confirm);
            }
            return;
        }
        long until = Math.min(Math.min(syncAt, confirmAt), checkpoints.dueAt(now));
        park(Math.min(until, journal.isPrepared() ? NEVER : now + ahead.waitNanos()));
    }

    private void park(long until) {
        isParked = true;
        boolean isAny = false;
        for (Staging staging : stagings) {
            isAny |= staging.isStaged();
        }
        isAny |= errands.areAny();
        if (!isAny && !isClosing && !ahead.isReady()) {
            LockSupport.parkNanos(this, until - System.nanoTime());
        }
        isParked = false;
    }

    // ---- room ----------------------------------------------------------------------------------

    private void refuse() {
        stagings.forEach(Staging::refuse);
    }

    private void prepareAhead() {
        if (!journal.isPrepared()) {
            ahead.advance(checkpoints.makesRoom() ? 0 : bounds.freeBytes());
        }
        JournalException full = ahead.full();
        boolean has =
                journal.isPrepared() || full == null || journal.roomBytes() > bounds.reserveBytes();
        if (has != hasRoom) {
            hasRoom = has;
            String why = has || full == null ? "" : String.valueOf(full.getMessage());
            stagings.forEach(staging -> staging.full(why));
            listener.room(has, why);
        }
    }
}
