package io.tuli.connect;

import io.tuli.Failure;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A service that this member serves, and its store. Thread-safe. Close it to serve it no more; a
 * member that leaves closes it, and what its owners have not written the next ones do.
 */
public final class Connected<T> implements AutoCloseable {

    static final long NEVER = System.nanoTime() + TimeUnit.DAYS.toNanos(100 * 365L);

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Service<T> service;
    private final Store store;
    private final Founding founding;
    private final @Nullable Replay replay;
    private final boolean hasFounded;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile @Nullable AutoCloseable leaving;

    Connected(
            Service<T> service,
            Store store,
            Founding founding,
            @Nullable Replay replay,
            boolean hasFounded) {
        this.service = service;
        this.store = store;
        this.founding = founding;
        this.replay = replay;
        this.hasFounded = hasFounded;
    }

    /**
     * How the connection is. Immutable.
     *
     * @param isFailing whether the store was asked and has not answered since
     * @param lastFailure why; empty where it answers
     * @param failures of the store since this member serves
     * @param waitedMillis for how long the store has been asked without an answer
     * @param partitions that this member owns and writes
     * @param waiting changes of them that are known here and not in the store; there may be more in
     *     the changelog
     * @param written documents, repeats included
     * @param setAside documents of the service that the store could not take, all members' together
     */
    public record Status(
            boolean isFailing,
            String lastFailure,
            long failures,
            long waitedMillis,
            int partitions,
            int waiting,
            long written,
            int setAside) {}

    /** The service, as {@code Mesh.serve} answers it. */
    public Service<T> service() {
        return service;
    }

    /** Whether this member has restored it, or begun it empty; false where others had it. */
    public boolean hasFounded() {
        return hasFounded;
    }

    /** How the connection is now. */
    public Status status() {
        Replay writing = replay;
        return new Status(
                store.isFailing(),
                store.lastFailure(),
                store.failures(),
                store.waitedMillis(),
                writing == null ? 0 : writing.partitions(),
                writing == null ? 0 : writing.waiting(),
                writing == null ? 0 : writing.written(),
                founding.countAside());
    }

    /**
     * Why the store could not take each of these documents, by key: of all members, at most a
     * thousand. A document that is changed is tried again, and listed no more when it is stored.
     */
    public Map<String, String> setAside() {
        return founding.aside();
    }

    /**
     * Blocks until all is in the store that is committed now of the partitions that this member
     * owns.
     *
     * @throws TuliException TIMEOUT when it is not by then; it says what the store says
     */
    public void awaitStored(Duration within) {
        Replay writing = replay;
        if (writing == null) {
            throw new IllegalArgumentException(
                    "a service is replayed where it has a sink: " + service.name());
        }
        if (!isStored(writing, within, () -> false)) {
            throw new TuliException(
                    Failure.TIMEOUT,
                    "the store must have taken all of "
                            + service.name()
                            + " within "
                            + Durations.millis(within)
                            + " ms: waiting="
                            + writing.waiting()
                            + " "
                            + store.lastFailure());
        }
    }

    private static boolean isStored(Replay writing, Duration within, BooleanSupplier isVain) {
        long end = System.nanoTime() + Durations.nanos(within);
        ServiceReport asked = writing.report();
        while (!writing.isStored(asked)) {
            boolean isOver = System.nanoTime() - end >= 0 || isVain.getAsBoolean();
            if (isOver || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** It is closed as soon as the member is. */
    void leavesWith(AutoCloseable registration) {
        leaving = registration;
    }

    /**
     * Serves it no more; what this member owns is written before, within five seconds, unless the
     * store fails.
     */
    @Override
    public void close() {
        close(DRAIN);
    }

    /**
     * The same.
     *
     * @param drain for how long the store may take what it has not got; what it has not by then the
     *     next owners write
     */
    public void close(Duration drain) {
        if (isClosed.compareAndSet(false, true)) {
            ended(drain);
            quietly(founding::left);
            quietly(service::close);
            quietly(founding::close);
            AutoCloseable registration = leaving;
            if (registration != null) {
                quietly(registration::close);
            }
        }
    }

    /** The member leaves, and its services do: only what is asked of the store ends here. */
    void memberLeaves() {
        if (isClosed.compareAndSet(false, true)) {
            ended(DRAIN);
        }
    }

    private void ended(Duration drain) {
        Replay writing = replay;
        if (writing != null) {
            quietly(() -> isStored(writing, drain, () -> store.isFailing() || writing.isFenced()));
            writing.close();
        }
        store.close();
    }

    /** Something that can go wrong. */
    private interface Step {
        void run() throws Exception;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (Exception late) {
            // The member is going, or has gone.
        }
    }
}
