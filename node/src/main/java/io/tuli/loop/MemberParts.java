package io.tuli.loop;

import io.netty.channel.EventLoopGroup;
import io.tuli.Service;
import io.tuli.codec.JsonCodec;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

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
}
