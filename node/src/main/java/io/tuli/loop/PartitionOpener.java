package io.tuli.loop;

import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.KeptPartition;
import io.tuli.service.LocalService;
import io.tuli.store.StateSource;
import java.time.Duration;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Opens the partitions of services on the loops they are pinned to. Any thread. */
public final class PartitionOpener {

    private static final Duration CLOSE_MOST = Duration.ofSeconds(5);

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
        if (spec.isKept()) {
            loops.sum(loop -> closed(loop, spec), CLOSE_MOST);
        }
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

    /** What it has is handed over for the disk before it is read from there again. */
    private static int closed(NodeLoop loop, ServiceSpec spec) {
        loop.core().close(spec.number());
        return 0;
    }

    /** A service is closed on all loops. */
    public void left(LocalService service) {
        journal.left(service.number());
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
