package io.tuli.fold;

import io.tuli.log.Consumed;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.spin.LoopExecutor;
import java.util.List;

/**
 * The consuming service on this member, as a fold drives it. A port: except for those of {@link
 * LoopExecutor} and {@link #spec}, methods are called on the loop in question, between steps of the
 * core.
 */
public interface FoldTarget extends LoopExecutor {

    /** What the core knows of the service. Any thread. */
    ServiceSpec spec();

    /** Whether this member owns the partition, in an epoch that is open. */
    boolean isOwner(int partition);

    /**
     * What the partition has consumed of a partition of a source, what is not committed yet
     * included.
     */
    Consumed consumed(int partition, int sourceService, int sourcePartition);

    /** Lets the core of that loop hear these inputs, in order, and flushes once. */
    void step(int loop, List<Input> inputs);
}
