package io.tuli.handler;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/**
 * The owner's side of streaming replies: reads each source on a virtual thread of its own, as far
 * as its caller has given credit, and lets go of it when it ends, when the caller cancels, when the
 * link to the caller is lost, or when this closes. Thread-safe.
 *
 * <p>A stream lives on this member only: if the member goes, the caller's side ends it. A caller
 * that receives an item it no longer waits for answers with a cancel.
 */
public final class ReplyStreams implements AutoCloseable {
    /** Items that may be sent before the caller has said anything. */
    public static final int INITIAL_CREDIT = 64;

    private static final int STREAMS_MAX = 10_000;
    private static final int CANCELS_MAX = 4_096;

    private final BiConsumer<MemberId, Frame> out;
    private final Duration idleMax;
    private final OwnedThreads threads = new OwnedThreads("tuli-stream", STREAMS_MAX);
    private final ConcurrentMap<Target, ReplyStream> streams = new ConcurrentHashMap<>();

    /** Cancels that came before their stream; the oldest are forgotten. */
    private final Map<Target, Boolean> cancels =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Target, Boolean> eldest) {
                    return size() > CANCELS_MAX;
                }
            };

    /**
     * Where the items go. The caller chooses the number: what has an order is found all the same.
     */
    record Target(MemberId caller, long call) implements Comparable<Target> {
        @Override
        public int compareTo(Target other) {
            int byCaller = caller.compareTo(other.caller);
            return byCaller == 0 ? Long.compare(call, other.call) : byCaller;
        }
    }

    /**
     * Frames go {@code out} from any thread, in order per thread that sends them; it returns at
     * once. A caller who leaves its credit unrenewed for {@code idleMax} loses the stream.
     */
    public ReplyStreams(BiConsumer<MemberId, Frame> out, Duration idleMax) {
        this.out = out;
        this.idleMax = idleMax;
    }

    /** Sends the stream of a committed decision to its caller. */
    public void start(MemberId to, long call, Decision.Stream stream) {
        ReplySource source = (ReplySource) stream;
        Target target = new Target(to, call);
        if (!source.take()) {
            return;
        }
        ReplyStream started = new ReplyStream(source, target, out, idleMax);
        if (isCancelled(target, started)) {
            close(source);
            return;
        }
        boolean isRunning =
                started.run(threads, () -> streams.remove(target, started), () -> close(source));
        if (!isRunning) {
            streams.remove(target, started);
            String rule = "a member sends so many streams at once: streams=" + STREAMS_MAX;
            Failure failure = threads.isClosed() ? Failure.CLOSED : Failure.OVERLOADED;
            out.accept(to, new Frame.End(call, 0, failure, rule));
            close(source);
        }
    }

    /** Closes the stream of a decision that was never committed. */
    public void discard(Decision.Stream stream) {
        ReplySource source = (ReplySource) stream;
        if (source.take()) {
            close(source);
        }
    }

    /** The caller can take so many more items. */
    public void credit(MemberId from, Frame.Credit credit) {
        ReplyStream stream = streams.get(new Target(from, credit.call()));
        if (stream != null && credit.items() > 0) {
            stream.grant(credit.items());
        }
    }

    /** The caller wants no more. Sends no end: nobody waits for it. */
    public void cancel(MemberId from, Frame.Cancel cancel) {
        Target target = new Target(from, cancel.call());
        ReplyStream stream;
        synchronized (cancels) {
            stream = streams.get(target);
            if (stream == null) {
                cancels.put(target, true);
            }
        }
        if (stream != null) {
            stream.stop();
        }
    }

    /** The link to a member is lost, and with it all its streams. */
    public void linkDown(MemberId member) {
        streams.forEach(
                (target, stream) -> {
                    if (target.caller().equals(member)) {
                        stream.stop();
                    }
                });
    }

    /** Streams whose source has not been let go of. */
    public int open() {
        return streams.size();
    }

    /** Stops all streams, not waiting for long. */
    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }

    /** Stops all streams and waits for their threads to end; whether they did in time. */
    public boolean close(Duration within) {
        streams.forEach((target, stream) -> stream.stop());
        return threads.close(within);
    }

    private boolean isCancelled(Target target, ReplyStream stream) {
        synchronized (cancels) {
            if (cancels.remove(target) != null) {
                return true;
            }
            ReplyStream before = streams.put(target, stream);
            if (before != null) {
                before.stop();
            }
            return false;
        }
    }

    /** Closing may run users' code, and this thread may be a loop. */
    private void close(ReplySource source) {
        if (Thread.currentThread().isVirtual() || threads.start(source::close) == null) {
            source.close();
        }
    }
}
