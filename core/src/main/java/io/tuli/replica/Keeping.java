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

    /** What was given up to the end of a batch. */
    private record Batch(long ticket, LogPosition end, Epoch promised) {}

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
        }
    }

    // ---- giving --------------------------------------------------------------------------------

    /** Gives what is new. */
    void keep(Partition partition) {
        cutTo(partition.takeTruncated(), partition.log());
        Epoch promised = partition.promised();
        if (!promised.equals(givenPromise)) {
            begin(partition);
            give(
                    new Frame.Promise(
                            partition.service(),
                            partition.number(),
                            promised,
                            LogPosition.START,
                            LogPosition.START),
                    true);
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
        if (hasGiven) {
            hasGiven = false;
            batch(new Batch(tickets.use(), given, givenPromise));
        }
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
        if (isSame || batches.size() >= BATCHES_MOST) {
            batches.removeLast();
        }
        batches.add(next);
    }

    /** A changelog that ends before what was given goes on from there. */
    private void cutTo(long offset, Changelog log) {
        if (offset < given.offset()) {
            given = log.positionAt(offset);
        }
        if (offset < kept.offset()) {
            keptTo(given);
        }
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
        }
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
