package io.tuli.node;

import io.tuli.loop.NodeLoop;
import io.tuli.replica.Replica;
import io.tuli.service.LocalService;
import java.time.Duration;

/** Whether what a member holds of a service is with others. Thread-safe; not on a loop. */
final class HandingOver {

    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final NodeContext context;

    HandingOver(NodeContext context) {
        this.context = context;
    }

    /** Whether this member may go: others own its partitions and have all that is in them. */
    boolean isDone(LocalService service) {
        boolean isServed = service.spec().isServed() && !service.isRefused();
        return !isServed || !hasHeir(service) || kept(service) == 0;
    }

    /** Whether somebody else serves it, and stays. */
    boolean hasHeir(LocalService service) {
        return context.directory().servers(service.name()).stream()
                .anyMatch(server -> !server.equals(context.self().id()));
    }

    /** Partitions that would suffer if this member went now. */
    private int kept(LocalService service) {
        return context.loops().sum(loop -> kept(loop, service), ANSWER);
    }

    private static int kept(NodeLoop loop, LocalService service) {
        int kept = 0;
        for (int partition = 0; partition < service.spec().partitions(); partition++) {
            Replica replica = loop.core().replica(service.number(), partition);
            kept += replica == null || replica.isHandedOver() ? 0 : 1;
        }
        return kept;
    }
}
