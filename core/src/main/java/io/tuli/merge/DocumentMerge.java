package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.machine.CoreContext;
import io.tuli.machine.MergeBases;
import io.tuli.machine.Overlay;
import io.tuli.machine.Partition;
import io.tuli.protocol.Effects;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the service's merge function say what becomes of a document that both sides of a split have
 * changed. Where it cannot, or says something too large, the later write stays, and the other is
 * reported.
 */
final class DocumentMerge {

    private final Partition partition;
    private final Effects effects;
    private final Overlay overlay;
    private final Map<String, MergeBases.Ancestor> bases;
    private final int mostBytes;

    DocumentMerge(Partition partition, CoreContext context, Overlay overlay, long fork) {
        this.partition = partition;
        this.effects = context.effects();
        this.overlay = overlay;
        this.bases = partition.basesAt(fork);
        this.mostBytes = context.documentBytesMax();
    }

    /**
     * What the other side's document becomes here; null if this side's stays as it is.
     *
     * @param theirs sets or removes a whole document
     * @param latest when this side last wrote the document; the least value if it did not
     * @param time when the other did
     */
    @Nullable Edit on(Edit theirs, long latest, long time) {
        Payload winner = overlay.document(theirs.key().top());
        Payload loser = theirs.value();
        if (latest == Long.MIN_VALUE) {
            return theirs;
        }
        long until = LifetimeMerge.longest(theirs.until(), overlay.until(theirs.key().top()));
        if (winner.equals(loser)) {
            boolean isLonger = until != overlay.until(theirs.key().top());
            return isLonger && !winner.isNone()
                    ? new Edit(Edit.Kind.TOUCH, theirs.key(), Payload.NONE, until)
                    : null;
        }
        MergeBases.Ancestor ancestor = bases.get(theirs.key().top());
        Payload base = ancestor == null ? Payload.NONE : ancestor.document();
        Payload agreed =
                effects.host().merge(partition.service(), theirs.key(), base, winner, loser);
        if (agreed == null || agreed.sizeBytes() > mostBytes) {
            boolean isLater = time > latest;
            Payload kept = isLater ? loser : winner;
            Payload lost = isLater ? winner : loser;
            effects.observer()
                    .overruled(partition.service(), partition.number(), theirs.key(), kept, lost);
            return isLater ? theirs : null;
        }
        if (agreed.equals(winner)) {
            return null;
        }
        return agreed.isNone()
                ? Edit.remove(theirs.key())
                : Edit.update(theirs.key(), agreed).until(until);
    }
}
