package io.tuli.machine;

import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.lifetime.Allowance;
import io.tuli.log.Documents;
import io.tuli.log.EntryReader;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Shares;
import io.tuli.ring.EarlierPromises;
import io.tuli.ring.Presence;

/**
 * What every partition of a member shares.
 *
 * @param self this member
 * @param limits its bounds
 * @param documents what can be done inside a value
 * @param effects the only way out
 * @param reader whoever needs one for the moment
 * @param retention how much all changelogs hold for those who lag
 * @param held what all requests take that wait
 * @param remembered what replies take that are remembered for repeats
 * @param snapshots what each client makes this member hold of snapshots on their way, in bytes
 * @param allowance what is done in one turn for documents whose time is over
 * @param presence who is there
 * @param promises what it has promised of partitions it does not hold any more
 */
public record CoreContext(
        MemberId self,
        Limits limits,
        Documents documents,
        Effects effects,
        EntryReader reader,
        Retention retention,
        HeldBytes held,
        RememberedReplies remembered,
        Shares snapshots,
        Allowance allowance,
        Presence presence,
        EarlierPromises promises) {

    /** A document may grow to so many messages of the largest size. */
    private static final int DOCUMENT_FACTOR = 2;

    private static final int FRAME_BYTES = 256 * 1024;

    /** Replies are remembered in so much less than what waiting requests may take. */
    private static final int REMEMBERED_PART = 2;

    public CoreContext(MemberId self, Limits limits, Documents documents, Effects effects) {
        this(
                self,
                limits,
                documents,
                effects,
                new EntryReader(),
                new Retention(limits.laggingBytes()),
                new HeldBytes(limits.heldBytes()),
                new RememberedReplies(limits.heldBytes() / REMEMBERED_PART),
                new Shares(),
                new Allowance(),
                new Presence(),
                new EarlierPromises());
    }

    public int documentBytesMax() {
        return DOCUMENT_FACTOR * messageBytesMax();
    }

    /** What all servers take that are here: so much can be replicated to each. */
    public int messageBytesMax() {
        return Math.min(limits.messageBytes(), effects.outbox().messageBytesMax());
    }

    /** About how much goes into one frame of entries or documents. */
    public int frameBytes() {
        return Math.min(FRAME_BYTES, limits.messageBytes());
    }

    /**
     * How much the changelogs of one loop hold beyond their tails, for those who lag. What is over
     * the limit is given up by whichever partitions come next, and whoever lags there gets a
     * snapshot. One thread.
     */
    public static final class Retention {

        private final long mostBytes;
        private long bytes;

        Retention(long mostBytes) {
            this.mostBytes = mostBytes;
        }

        /** One partition holds so much more, or less, than before. */
        void changed(long by) {
            bytes += by;
        }

        boolean isExceeded() {
            return bytes > mostBytes;
        }
    }
}
