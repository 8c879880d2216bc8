package io.tuli.loop;

import io.tuli.LogPosition;
import io.tuli.fold.FoldTarget;
import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import io.tuli.member.PartitionRouter;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.service.LocalService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service of this member as what is folded into it drives it. */
public final class FoldInto implements FoldTarget {

    private final LocalService service;
    private final Loops loops;

    public FoldInto(LocalService service, Loops loops) {
        this.service = service;
        this.loops = loops;
    }

    @Override
    public ServiceSpec spec() {
        return service.spec();
    }

    @Override
    public int partitions() {
        return service.spec().partitions();
    }

    @Override
    public int loops() {
        return loops.count();
    }

    @Override
    public int loopOf(int partition) {
        return loops.indexOf(service.number(), partition);
    }

    @Override
    public void execute(int loop, Runnable task) {
        loops.at(loop).post(task);
    }

    @Override
    public boolean isOwner(int partition) {
        Replica replica = replica(partition);
        return replica != null && replica.isOwner();
    }

    @Override
    public Consumed consumed(int partition, int sourceService, int sourcePartition) {
        Replica replica = replica(partition);
        SourceMark start = new SourceMark(sourceService, sourcePartition, LogPosition.START, 1);
        return replica == null ? Consumed.NOTHING : replica.consumed(start.source());
    }

    /** The batch this is part of ends with a flush. */
    @Override
    public void step(int loop, List<Input> inputs) {
        PartitionRouter core = loops.at(loop).core();
        long now = System.nanoTime();
        for (int i = 0; i < inputs.size(); i++) {
            core.step(inputs.get(i), now);
        }
    }

    private @Nullable Replica replica(int partition) {
        return loops.of(service.number(), partition).core().replica(service.number(), partition);
    }
}
