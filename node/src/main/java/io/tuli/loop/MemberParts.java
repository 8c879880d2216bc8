package io.tuli.loop;

import io.netty.channel.EventLoopGroup;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What other modules of ours may have of a member: every {@code Mesh} that this module makes is
 * one, too. Thread-safe.
 */
public interface MemberParts {

    /** The loops that partitions and links are on. Who is on them waits for nobody. */
    EventLoopGroup eventLoops();

    /** The loop that accepts connections: so strangers do not hold up what is on the others. */
    EventLoopGroup door();

    /** Writes and reads values as the member does. */
    JsonCodec codec();

    /**
     * How many partitions a service has that somebody serves; 0 for a stateless one.
     *
     * @return empty where nobody serves it
     */
    OptionalInt partitionsOf(String service);

    /**
     * The partition of a top-level key.
     *
     * @return empty where this member has no replica of the service
     */
    OptionalInt partitionOf(String service, String key);

    /**
     * Whether a member that serves it answers at all: whatever its handler is, it is not asked.
     *
     * @param service that this member serves or uses
     * @param within when nobody has answered by then, nobody does
     */
    CompletableFuture<Boolean> isAnswering(String service, Duration within);

    /** For which servers a durable service waits that are not back, in words; empty if for none. */
    String whyWaiting(String service);

    /**
     * Serves a service of which nobody else hears before it is {@link #announce}d: until then this
     * member alone owns all of it, and its folds have not begun.
     *
     * @throws TuliException CONFLICT where somebody serves it, or this member has used it
     */
    <T> Service<T> serveHidden(ServiceConfig<T> config);

    /**
     * Serves it for all from now on, with what is in it.
     *
     * @throws TuliException CONFLICT as for {@code Mesh.serve}
     */
    void announce(String service);

    /**
     * Whether somebody serves it, or a member that is here has kept something of it, in this life
     * or in an earlier one. May wait, so on no loop.
     */
    boolean isFounded(String service);

    /** Tells those who listen to the events of this member. Returns at once. */
    void tell(MeshEvent event);

    /** Whether this member has closed a service that it served or used: it may use it again. */
    boolean isClosed(Service<?> service);

    /**
     * Tells whenever members, or what they serve, have changed: on the thread that has heard of it,
     * which must not be held up. What it throws ends at a wall.
     *
     * @return close it to hear no more
     */
    AutoCloseable onRoster(Runnable listener);

    /**
     * Runs once when the member leaves, while all of it still works: what is built on the member
     * ends before it does. What takes longer than ten seconds is left behind; a member that cannot
     * go on runs nothing.
     *
     * @return close it when there is nothing to end any more
     */
    AutoCloseable onLeaving(Runnable end);

    /**
     * Tells of the end of each call that this member makes from now on.
     *
     * @return close it to hear no more
     */
    AutoCloseable onCalls(CallListener listener);

    /**
     * What it does now, in numbers, as its loops say. No document is read for it. A loop that does
     * not answer within a second is left out, and services that it has a part of. May wait, so on
     * no loop.
     */
    Figures figures();

    /** Hears how calls have ended: on the thread that ends them, which is not held up. */
    @FunctionalInterface
    interface CallListener {

        /**
         * A call has ended.
         *
         * @param nanos since it was made
         * @param failed null where it has not failed
         */
        void ended(String service, long nanos, @Nullable TuliException failed);
    }

    /**
     * A member in numbers.
     *
     * @param callsInFlight that it has made, and that have not ended
     * @param waitingBytes of requests that wait on it for their turn, their handlers or copies
     * @param linkBytes that wait to be written to other members
     * @param loopTasks that wait on its event loops
     * @param services that it serves or uses
     */
    record Figures(
            int callsInFlight,
            long waitingBytes,
            long linkBytes,
            long loopTasks,
            List<ServiceFigures> services) {

        public Figures {
            services = List.copyOf(services);
        }
    }

    /**
     * A service on a member in numbers.
     *
     * @param owned partitions it owns
     * @param replicas partitions it follows
     * @param unsynced of both, that are not in sync
     * @param committed entries over all partitions
     * @param lag committed entries it knows of but has not applied
     * @param keys top-level keys
     * @param discarded writes given up for another side's after a split
     * @param handlers that run now
     * @param asked messages to this member, rather than to a key, that wait for a handler
     * @param groups of readers of its changes
     */
    record ServiceFigures(
            String service,
            int owned,
            int replicas,
            int unsynced,
            long committed,
            long lag,
            long keys,
            long discarded,
            int handlers,
            int asked,
            List<ServiceReport.GroupReport> groups) {

        public ServiceFigures {
            groups = List.copyOf(groups);
        }
    }
}
