package io.tuli.handler;

import io.tuli.MeshEvent;
import io.tuli.protocol.Decision;
import java.time.Duration;
import java.util.function.Supplier;

/** What running handlers need of the member they run on. A port; called from any thread. */
public interface HandlerHost {
    /**
     * A handler that was not inline has decided: the partition's loop is to hear it as {@link
     * io.tuli.protocol.Input.Decided}. Returns at once.
     */
    void decided(int service, int partition, long task, Decision decision);

    /**
     * Runs short work on the loop of a partition and waits for its answer. Never called on that
     * loop.
     *
     * @throws io.tuli.TuliException TIMEOUT when the loop did not come to it in time, CLOSED when
     *     the member is closing or the waiting thread was interrupted
     */
    <V> V onLoop(int service, int partition, Supplier<V> work, Duration within);

    /** A monotonic time in nanoseconds. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Whose trace is carried on by what handlers send. Asked once. */
    default CarriedTrace traces() {
        return new CarriedTrace();
    }

    /** Something an operator may want to know. Returns at once. */
    void event(MeshEvent event);
}
