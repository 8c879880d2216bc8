package io.tuli.machine;

import io.tuli.Commit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many servers hold an entry of the owner's changelog, and so what is committed. {@code
 * Replication} keeps it up to date; the ledger asks it. One thread.
 */
public final class Quorum {

    /** So many copies may be asked for before others than the first server have joined. */
    private static final int COPIES_LEAST = 3;

    private final Partition partition;

    /** The copy here, where it counts only so far as it is kept; null where it counts at once. */
    private final @Nullable Voter own;

    private Voter[] followers = {};
    private long openOffset;

    /** Of the ring. */
    private int servers;

    /** Of the ring, but this one. */
    private int others;

    /** As many servers as the ring has ever had. */
    private int serversMost;

    /** The offset before which every entry is on two servers. */
    private long twice;

    /** Up to where somebody waits for disks that this service would sync only later. */
    private long syncWanted;

    public Quorum(Partition partition, @Nullable Voter own) {
        this.partition = partition;
        this.own = own;
    }

    /** Whoever follows: how far its changelog is the owner's, and whether that counts. */
    public abstract static class Voter {

        private long match;
        private long synced;
        private boolean counts;

        /** Everything before this offset is the owner's changelog there. */
        public final long match() {
            return match;
        }

        public final void match(long offset) {
            match = offset;
        }

        /** Everything before this offset it has told to be on its disk for good. */
        public final long synced() {
            return synced;
        }

        public final void synced(long offset) {
            synced = offset;
        }

        /** Whether it counts: it is a server of the present ring, or just leaving it. */
        public final boolean counts() {
            return counts;
        }

        public final void counts(boolean isServerOfTheRing) {
            counts = isServerOfTheRing;
        }
    }

    /** The next entry opens the epoch: nothing is committable before it is. */
    public void open() {
        openOffset = partition.endOffset();
    }

    /** Whoever follows from now on; the array is not written to any more. */
    public void followers(Voter[] changed) {
        followers = changed;
        twice = reachedByAll(2);
    }

    /**
     * The ring is another.
     *
     * @param now how many servers it has
     * @param most how many it has ever had
     * @param besides how many it has but this one
     */
    public void servers(int now, int most, int besides) {
        servers = now;
        serversMost = most;
        others = besides;
    }

    /** A follower has acknowledged more. */
    public void advanced(Voter follower) {
        if (follower.counts) {
            twice = own == null ? Math.max(twice, follower.match) : reachedByAll(2);
        }
    }

    /** More of the copy here is kept. */
    public void kept() {
        twice = reachedByAll(2);
    }

    // ---- what is committed ---------------------------------------------------------------------

    /**
     * The offset up to which entries may be committed: two copies, or one where there is no other
     * server.
     */
    long committable() {
        long reached = reachedBy(others > 0 ? 2 : 1);
        return reached > openOffset ? reached : partition.committedEnd();
    }

    /** Whether nobody follows, and no other server is to: what is appended is committed. */
    boolean isAlone() {
        return own == null && followers.length == 0 && isEnough();
    }

    /** Whether an entry needs no copy but the one here. */
    boolean isEnough() {
        return others <= 0;
    }

    /**
     * The offset before which every entry is on that many servers, this one included. One stands
     * for this one, whatever others have.
     */
    long reachedBy(int copies) {
        if (copies <= 1) {
            return own == null ? partition.endOffset() : own.match;
        }
        return copies == 2 ? twice : reachedByAll(copies);
    }

    /** The same, where any servers count. */
    private long reachedByAll(int wanted) {
        long[] matches = new long[followers.length + 1];
        int count = 0;
        matches[count++] = own == null ? Long.MAX_VALUE : own.match;
        for (Voter follower : followers) {
            if (follower.counts) {
                matches[count++] = follower.match;
            }
        }
        if (wanted > count) {
            return 0;
        }
        Arrays.sort(matches, 0, count);
        return matches[count - wanted];
    }

    /** How many servers hold everything before an offset. */
    int copiesAt(long offset) {
        int copies = own == null || own.match >= offset ? 1 : 0;
        for (Voter follower : followers) {
            copies += follower.counts && follower.match >= offset ? 1 : 0;
        }
        return copies;
    }

    // ---- disks ---------------------------------------------------------------------------------

    /** Up to where a copy is on disk for good. */
    private long onDisk(Voter voter) {
        return partition.spec().isSynced() ? voter.match : voter.synced;
    }

    /** The offset before which every entry is on that many servers' disks, synced. */
    private long syncedBy(int disks) {
        long[] ends = new long[followers.length + 1];
        int count = 0;
        if (own != null) {
            ends[count++] = onDisk(own);
        }
        for (Voter follower : followers) {
            if (follower.counts) {
                ends[count++] = onDisk(follower);
            }
        }
        if (own == null || disks > count) {
            return 0;
        }
        Arrays.sort(ends, 0, count);
        return ends[count - disks];
    }

    /** On how many servers' disks everything before an offset is, synced. */
    int disksAt(long offset) {
        if (own == null) {
            return 0;
        }
        int disks = onDisk(own) >= offset ? 1 : 0;
        for (Voter follower : followers) {
            disks += follower.counts && onDisk(follower) >= offset ? 1 : 0;
        }
        return disks;
    }

    /** Somebody waits until what is before the offset is on disks. */
    void want(long offset) {
        if (!partition.spec().isSynced()) {
            syncWanted = Math.max(syncWanted, offset);
        }
    }

    /** What is before this offset is to be synced now, here and by who follows; 0 for nothing. */
    public long syncWanted() {
        return syncWanted;
    }

    /** The offset before which every entry has what is asked for. */
    long reachedBy(Commit asked) {
        long committed = partition.committedEnd();
        if (asked.disks() > 0) {
            return Math.min(committed, syncedBy(asked.disks()));
        }
        return asked.copies() == Commit.SAFE ? committed : reachedBy(asked.copies());
    }

    // ---- what may be asked for -----------------------------------------------------------------

    /**
     * Whether so much may be asked for. Servers that are gone may come back, and others are about
     * to join: for twice as many as there were is waited, until the deadline.
     */
    boolean mayReach(Commit asked) {
        int most = asked.disks() == 0 || partition.spec().isKept() ? copiesMost() : 0;
        return Math.max(asked.copies(), asked.disks()) <= most;
    }

    private int copiesMost() {
        return Math.max(COPIES_LEAST, 2 * serversMost);
    }

    /** Why so much cannot be waited for, in words. */
    String whyNot(Commit asked) {
        boolean isOfDisks = asked.disks() > 0;
        if (isOfDisks && !partition.spec().isKept()) {
            return "disks can be asked for where a service is durable(): service="
                    + partition.spec().name()
                    + " commit="
                    + asked
                    + "; ask for copies, or serve it with durable()";
        }
        String what = isOfDisks ? "disks" : "copies";
        return what
                + " are at most "
                + copiesMost()
                + ", twice the servers that are or were there: "
                + what
                + "="
                + Math.max(asked.copies(), asked.disks())
                + " servers="
                + servers
                + "; ask for fewer, or start more servers";
    }
}
