package io.tuli.node;

import io.tuli.protocol.ServiceSpec;

/** Opens the partitions of services on the loops they are pinned to. Any thread. */
final class Opener {

    private final Loops loops;

    Opener(Loops loops) {
        this.loops = loops;
    }

    void open(LocalService service) {
        ServiceSpec spec = service.spec();
        for (NodeLoop loop : loops.all()) {
            loop.post(() -> open(loop, spec, service));
        }
    }

    /**
     * What was held is forgotten, and calls that wait for an owner look for their partition anew.
     */
    void reopen(LocalService service) {
        ServiceSpec spec = service.spec();
        for (NodeLoop loop : loops.all()) {
            loop.post(
                    () -> {
                        loop.core().close(spec.number());
                        open(loop, spec, service);
                        loop.caller()
                                .replace(
                                        spec.number(),
                                        wish -> service.partitionOf(wish.key(), wish.id()));
                    });
        }
    }

    private void open(NodeLoop loop, ServiceSpec spec, LocalService service) {
        if (service.hasReplica()) {
            loop.core()
                    .open(
                            spec,
                            partition -> loops.indexOf(spec.number(), partition) == loop.index(),
                            service::state);
        }
    }
}
