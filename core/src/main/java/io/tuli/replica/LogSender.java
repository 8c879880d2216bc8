package io.tuli.replica;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Entries;
import io.tuli.machine.CoreContext;
import io.tuli.machine.Partition;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import org.jspecify.annotations.Nullable;

/** Answers a new owner that fetches what this member's longer changelog holds. */
final class LogSender {

    private final Partition partition;
    private final Effects effects;
    private final int frameBytes;
    private @Nullable SnapshotSender snapshot;

    LogSender(Partition partition, CoreContext core) {
        this.partition = partition;
        this.effects = core.effects();
        this.frameBytes = core.frameBytes();
    }

    /** Entries after what the fetcher has, or a snapshot where our log cannot continue its own. */
    void answer(MemberId to, Frame.Fetch fetch) {
        LogPosition prev = continuation(partition, fetch.end(), fetch.committed());
        if (prev == null) {
            snapshot = SnapshotSender.ofCommitted(partition, fetch.epoch(), frameBytes, true);
            effects.outbox().send(to, snapshot.next());
            return;
        }
        snapshot = null;
        Entries entries = partition.log().range(prev.offset(), partition.endOffset(), frameBytes);
        boolean last = prev.offset() + entries.size() == partition.endOffset();
        effects.outbox()
                .send(
                        to,
                        new Frame.Fetched(
                                partition.service(),
                                partition.number(),
                                fetch.epoch(),
                                prev,
                                partition.committed(),
                                entries,
                                last));
    }

    void taken(MemberId to, Frame.SnapshotTaken taken) {
        if (snapshot != null && snapshot.isCurrent(taken) && !snapshot.isDone()) {
            effects.outbox().send(to, snapshot.next());
        }
    }

    /**
     * Where another log can be continued from ours; null if ours does not contain what it has
     * committed.
     */
    static @Nullable LogPosition continuation(
            Partition partition, LogPosition end, LogPosition committed) {
        if (partition.log().contains(end)) {
            return end;
        }
        return partition.log().contains(committed) ? committed : null;
    }
}
