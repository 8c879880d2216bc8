package io.tuli.loop;

import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.KeptPartition;
import io.tuli.service.LocalService;
import io.tuli.store.StateSource;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Opens the partitions of services on the loops they are pinned to. Any thread. */
public final class PartitionOpener {

    private final Loops loops;
    private final LoopJournal journal;

    public PartitionOpener(Loops loops, LoopJournal journal) {
        this.loops = loops;
        this.journal = journal;
    }

    /**
     * Whether there is a replica is asked now, and not when a busy loop comes to it: by then the
     * user may have asked for one, and the loop would open the service twice.
     */
    public void open(LocalService service) {
        ServiceSpec spec = service.spec();
        StateSource states = service.states();
        if (service.hasReplica()) {
            IntFunction<@Nullable KeptPartition> kept = kept(spec);
            for (NodeLoop loop : loops.all()) {
                loop.post(() -> open(loop, service, spec, states, kept));
            }
        }
    }

    private IntFunction<@Nullable KeptPartition> kept(ServiceSpec spec) {
        return spec.isKept() ? journal.take(spec.number()) : partition -> null;
    }

    /**
     * What was held is forgotten, and calls that wait for an owner look for their partition anew.
     */
    public void reopen(LocalService service) {
        ServiceSpec spec = service.spec();
        StateSource states = service.states();
        boolean hasReplica = service.hasReplica();
        IntFunction<@Nullable KeptPartition> kept = kept(spec);
        for (NodeLoop loop : loops.all()) {
            loop.post(
                    () -> {
                        loop.core().close(spec.number());
                        if (hasReplica) {
                            open(loop, service, spec, states, kept);
                        }
                        loop.caller()
                                .replace(
                                        spec.number(),
                                        call -> service.partitionOf(call.key(), call.id()));
                    });
        }
    }

    /**
     * Where the number of partitions is another by now, it is about to be opened with that. Where
     * it is closed, the loop has left it, or is about to.
     */
    private void open(
            NodeLoop loop,
            LocalService service,
            ServiceSpec spec,
            StateSource states,
            IntFunction<@Nullable KeptPartition> kept) {
        if (states.partitions() != spec.partitions() || service.closing().isShut()) {
            return;
        }
        loop.core()
                .open(
                        spec,
                        partition -> loops.indexOf(spec.number(), partition) == loop.index(),
                        states::state,
                        kept);
    }
}
