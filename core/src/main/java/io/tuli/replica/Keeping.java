package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.Changelog;
import io.tuli.log.Entries;
import io.tuli.machine.Partition;
import io.tuli.machine.Quorum;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Keeper;
import io.tuli.protocol.Snapshot;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * How far one partition of this member is kept: what was given to the {@link Keeper}, and what of
 * it the keeper has. Nothing is told to others, of what is here, that is not kept; and an owner
 * counts its own copy only so far. What a journal holds after a crash is all that was kept, and
 * perhaps more.
 *
 * <p>One thread.
 */
public final class Keeping extends Quorum.Voter {

    /** So many batches are told apart; those of more are kept when the last one of them is. */
    private static final int BATCHES_MOST = 64;

    private final Keeper keeper;
    private final Tickets tickets;
    private final boolean isRecovered;
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private LogPosition given = LogPosition.START;
    private LogPosition kept = LogPosition.START;
    private LogPosition synced = LogPosition.START;

    /** Up to there it was asked for a sync; and up to there somebody wants one. */
    private long syncAsked;

    private long syncWanted;
    private Epoch givenPromise = Epoch.ZERO;
    private Epoch keptPromise = Epoch.ZERO;
    private @Nullable KeptPartition recovered;
    private boolean hasGiven;
    private boolean hasBegun;
    private boolean isListening;

    /**
     * Whether parts of a replica that is on its way here count no more: others were given since.
     */
    private boolean isInterrupted;

    /** What was given up to the end of a batch, and what of it is synced when it is kept. */
    private record Batch(long ticket, LogPosition end, Epoch promised, LogPosition synced) {}

    /** Which batch it is that a loop's partitions give something in. One thread. */
    public static final class Tickets {

        private long current = 1;
        private boolean isUsed;

        private long use() {
            isUsed = true;
            return current;
        }

        /** The batch is over: its number, or 0 if nothing was given in it. */
        public long next() {
            boolean wasUsed = isUsed;
            isUsed = false;
            return wasUsed ? current++ : 0;
        }
    }

    /**
     * @param recovered what the journal has of it; null for nothing
     */
    public Keeping(Keeper keeper, Tickets tickets, @Nullable KeptPartition recovered) {
        this.keeper = keeper;
        this.tickets = tickets;
        this.recovered = recovered;
        this.isRecovered = recovered != null;
        counts(true);
    }

    /** Whether this member may have held the partition in an earlier life. */
    boolean isRecovered() {
        return isRecovered;
    }

    /** Fills a partition that has nothing with what the journal has, and holds that no more. */
    void restore(Partition partition) {
        if (recovered != null) {
            recovered.restore(partition);
            recovered = null;
            hasBegun = true;
            given = partition.end();
            givenPromise = partition.promised();
            keptPromise = givenPromise;
            keptTo(given);
            syncedTo(given);
        }
    }

    // ---- giving --------------------------------------------------------------------------------

    /** Gives what is new. */
    void keep(Partition partition) {
        cutTo(partition.takeTruncated(), partition.log());
        Epoch promised = partition.promised();
        if (!promised.equals(givenPromise)) {
            begin(partition);
            promise(partition, promised);
            givenPromise = promised;
        }
        long end = partition.endOffset();
        while (given.offset() < end) {
            begin(partition);
            Entries entries = partition.log().glance(given.offset(), end);
            long until = given.offset() + entries.size();
            give(
                    new Frame.Append(
                            partition.service(),
                            partition.number(),
                            promised,
                            given,
                            Math.min(partition.committedEnd(), until),
                            entries),
                    partition.spec().isSynced());
            given = partition.log().positionAt(until);
        }
        sync(partition);
        if (hasGiven) {
            hasGiven = false;
            batch(new Batch(tickets.use(), given, givenPromise, syncedWithIt(partition)));
        }
    }

    /**
     * Says once more what is promised, which is always synced, and with it all that was given
     * before: how a service whose copies count before their sync gets one now.
     */
    private void sync(Partition partition) {
        long soon = Math.max(syncAsked, synced.offset());
        if (soon < syncWanted && syncWanted <= given.offset()) {
            promise(partition, givenPromise);
            syncAsked = given.offset();
        }
    }

    private LogPosition syncedWithIt(Partition partition) {
        boolean isAll = partition.spec().isSynced() || syncAsked == given.offset();
        return isAll ? given : LogPosition.START;
    }

    private void promise(Partition partition, Epoch promised) {
        give(
                new Frame.Promise(
                        partition.service(),
                        partition.number(),
                        promised,
                        LogPosition.START,
                        LogPosition.START),
                true);
    }

    /** What is before that offset is to be on disk for good soon, whatever the service's policy. */
    void syncTo(long offset) {
        syncWanted = Math.max(syncWanted, offset);
    }

    /** Of a service that was opened anew the journal may have something from before. */
    private void begin(Partition partition) {
        if (!hasBegun) {
            hasBegun = true;
            installed(partition, LogPosition.START, 0);
        }
    }

    private void give(Frame.OfPartition record, boolean isSynced) {
        hasGiven = true;
        keeper.keep(record, isSynced);
    }

    private void batch(Batch next) {
        Batch last = batches.peekLast();
        boolean isSame = last != null && last.ticket == next.ticket;
        LogPosition before = LogPosition.START;
        if (isSame || batches.size() >= BATCHES_MOST) {
            before = batches.removeLast().synced;
        }
        boolean isSynced = next.synced.offset() > 0;
        batches.add(isSynced ? next : new Batch(next.ticket, next.end, next.promised, before));
    }

    /** A changelog that ends before what was given goes on from there. */
    private void cutTo(long offset, Changelog log) {
        if (offset < given.offset()) {
            given = log.positionAt(offset);
        }
        if (offset < kept.offset()) {
            keptTo(given);
        }
        if (offset < synced.offset()) {
            syncedTo(given);
        }
        syncAsked = Math.min(syncAsked, offset);
    }

    /** A part of a replica that is on its way. */
    void part(Partition partition, LogPosition at, int index, Snapshot content) {
        begin(partition);
        isInterrupted &= index > 0;
        give(
                new Frame.SnapshotPart(
                        partition.service(),
                        partition.number(),
                        partition.promised(),
                        at,
                        index,
                        false,
                        content),
                partition.spec().isSynced());
    }

    /** The partition is what so many parts have brought. */
    void install(Partition partition, LogPosition at, int parts, int partBytes) {
        partition.takeTruncated();
        if (isInterrupted) {
            giveAll(partition, partBytes);
        } else {
            installed(partition, at, parts);
        }
        given = partition.end();
        if (!partition.log().contains(kept)) {
            keptTo(LogPosition.START);
        }
        if (!has(partition.log(), synced)) {
            syncedTo(LogPosition.START);
        }
        syncAsked = 0;
    }

    private void installed(Partition partition, LogPosition at, int parts) {
        give(
                new Frame.SnapshotTaken(
                        partition.service(), partition.number(), partition.promised(), at, parts),
                partition.spec().isSynced());
    }

    /**
     * Gives all there is as if it had just come here: what was given before is not needed any more
     * when this is kept.
     */
    void keepAnew(Partition partition, int partBytes) {
        keep(partition);
        begin(partition);
        giveAll(partition, partBytes);
        isInterrupted = true;
        keep(partition);
    }

    private void giveAll(Partition partition, int partBytes) {
        SnapshotSender all =
                SnapshotSender.ofEverything(partition, partition.promised(), partBytes);
        int parts = 0;
        while (!all.isDone()) {
            Frame.SnapshotPart part = all.next();
            part(partition, part.at(), part.index(), part.content());
            parts++;
        }
        installed(partition, partition.committed(), parts);
    }

    /** Whether there is room for more. */
    boolean hasRoom() {
        return keeper.hasRoom();
    }

    // ---- kept ----------------------------------------------------------------------------------

    /** Everything up to that batch is kept. */
    void kept(long ticket, Changelog log) {
        isListening = false;
        for (Batch batch = batches.peek();
                batch != null && batch.ticket <= ticket;
                batch = batches.peek()) {
            batches.remove();
            keptPromise = batch.promised;
            boolean isNews = batch.end.offset() > kept.offset() || !log.contains(kept);
            if (isNews && log.contains(batch.end)) {
                keptTo(batch.end);
            }
            if (batch.synced.offset() > synced.offset() && has(log, batch.synced)) {
                syncedTo(batch.synced);
            }
        }
    }

    private void syncedTo(LogPosition position) {
        synced = position;
        synced(position.offset());
    }

    /** Up to where the changelog here is on disk for good, as far as is known. */
    LogPosition syncedEnd() {
        return synced;
    }

    /** Whether it has come through that place, which may be forgotten since. */
    private static boolean has(Changelog log, LogPosition position) {
        return log.lineage().has(position, log.endOffset());
    }

    private void keptTo(LogPosition position) {
        kept = position;
        match(position.offset());
    }

    /** Notes that it is to hear what is kept; false if nothing is on its way, or that was known. */
    boolean listens() {
        boolean isNews = !isListening && !batches.isEmpty();
        isListening |= isNews;
        return isNews;
    }

    /**
     * Up to where the changelog here is kept; null while that is not known to be a place of it, as
     * right after a snapshot.
     */
    @Nullable LogPosition kept(Changelog log) {
        return log.contains(kept) ? kept : null;
    }

    /** Whether this member would still know of it after a crash. */
    boolean isKept(Epoch promised) {
        return promised.equals(keptPromise);
    }
}
