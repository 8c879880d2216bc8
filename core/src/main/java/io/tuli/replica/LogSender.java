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

    private final Partition copy;
    private final Effects effects;
    private final int frameBytes;
    private @Nullable SnapshotSender snapshot;

    LogSender(Partition copy, CoreContext around) {
        this.copy = copy;
        this.effects = around.effects();
        this.frameBytes = around.frameBytes();
    }

    /** Entries after what the fetcher has, or a snapshot where our log cannot continue its own. */
    void answer(MemberId to, Frame.Fetch fetch) {
        LogPosition prev = continuation(copy, fetch.end(), fetch.committed());
        if (prev == null) {
            snapshot = SnapshotSender.ofCommitted(copy, fetch.epoch(), frameBytes, true);
            effects.outbox().send(to, snapshot.next());
            return;
        }
        snapshot = null;
        Entries entries = copy.log.range(prev.offset(), copy.log.endOffset(), frameBytes);
        boolean last = prev.offset() + entries.size() == copy.log.endOffset();
        effects.outbox()
                .send(
                        to,
                        new Frame.Fetched(
                                copy.service(),
                                copy.partition,
                                fetch.epoch(),
                                prev,
                                copy.committed(),
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
            Partition copy, LogPosition end, LogPosition committed) {
        if (copy.log.contains(end)) {
            return end;
        }
        return copy.log.contains(committed) ? committed : null;
    }
}
