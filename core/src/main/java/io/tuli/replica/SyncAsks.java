package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The owner wants to hear when what is here is on disk for good, where the service would sync it
 * only later. It is answered once so much is; and asks again when it has forgotten us. One thread.
 */
final class SyncAsks {

    private final RoleContext context;
    private @Nullable MemberId asker;
    private Epoch epoch = Epoch.ZERO;
    private long wanted;
    private long told;

    SyncAsks(RoleContext context) {
        this.context = context;
    }

    /** Of an epoch that is not the present one there is nothing to tell. */
    void asked(MemberId from, Frame.Sync sync) {
        if (context.keeping != null
                && sync.epoch().owner() == from.incarnation()
                && sync.epoch().equals(context.partition.promised())) {
            asker = from;
            epoch = sync.epoch();
            wanted = sync.end();
            told = Math.min(told, sync.end() - 1);
            context.keeping.syncTo(sync.end());
        }
    }

    /** Tells what is news to who asked. */
    void tell() {
        MemberId to = asker;
        Keeping keeping = context.keeping;
        if (to == null || keeping == null) {
            return;
        }
        if (!epoch.equals(context.partition.promised())) {
            asker = null;
            return;
        }
        long synced = keeping.syncedEnd().offset();
        if (synced > told) {
            told = synced;
            context.effects
                    .outbox()
                    .send(
                            to,
                            new Frame.Synced(
                                    context.partition.service(),
                                    context.partition.number(),
                                    epoch,
                                    keeping.syncedEnd()));
            asker = synced >= wanted ? null : to;
        }
    }
}
