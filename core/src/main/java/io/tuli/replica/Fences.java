package io.tuli.replica;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.machine.Partition;
import io.tuli.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Who asks this replica for a promise: told at once what it has, or later, because rings differ or
 * the promise is not kept yet. Only the latest is remembered; whoever hears nothing asks again. One
 * thread.
 */
final class Fences {

    private final RoleContext context;
    private final Partition partition;
    private @Nullable Asked deferred;
    private @Nullable Asked unanswered;

    Fences(RoleContext context) {
        this.context = context;
        this.partition = context.partition;
    }

    /** A fence that waits for something. */
    record Asked(MemberId from, Frame.Fence fence) {}

    /** The sender has seen another ring. */
    void defer(MemberId from, Frame.Fence fence) {
        deferred = new Asked(from, fence);
        int service = partition.service();
        long here = context.ring().hash();
        context.effects
                .outbox()
                .send(from, new Frame.NotYet(service, partition.number(), fence.epoch(), here));
    }

    /** Nothing waits for another ring any more. */
    void met() {
        deferred = null;
    }

    /** What was deferred until there is this ring; null for nothing. */
    @Nullable Asked deferredTo(long ringHash) {
        Asked asked = deferred;
        return asked != null && asked.fence.ringHash() == ringHash ? asked : null;
    }

    /** Tells what was promised, and up to where the changelog is here, when that is kept. */
    void promise(MemberId to, Frame.Fence fence) {
        LogPosition told = context.told();
        if (told == null || !context.isPromiseKept()) {
            unanswered = new Asked(to, fence);
            return;
        }
        int service = partition.service();
        LogPosition firm = context.toldFirm(told);
        context.effects
                .outbox()
                .send(
                        to,
                        new Frame.Promise(service, partition.number(), fence.epoch(), told, firm));
    }

    /** What can be answered now that the promise is kept; null for nothing. */
    @Nullable Asked takeKept() {
        Asked asked = unanswered;
        if (asked != null && context.isPromiseKept()) {
            unanswered = null;
            return asked;
        }
        return null;
    }

    /** The sender's epoch is not the highest that was promised. */
    void tellStale(MemberId to) {
        int service = partition.service();
        context.effects
                .outbox()
                .send(to, new Frame.Stale(service, partition.number(), partition.promised()));
    }
}
