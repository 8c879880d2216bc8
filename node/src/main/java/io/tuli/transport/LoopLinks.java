package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Thrown;
import io.tuli.socket.Channels;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links of one event loop, and which of them have something to write. Loop-confined. */
final class LoopLinks {

    private static final Logger LOG = LoggerFactory.getLogger(LoopLinks.class);

    private static final int BEATS_PER_KEEP_ALIVE = 4;

    /** What one read brings at most, and as much left of the one before. */
    private static final int READ_BATCH_BYTES = 2 * Channels.READ_BYTES_MAX;

    private final EventLoop loop;
    private final int index;
    private final Budget budget;
    private final LinkListener listener;
    private final LogLimit limit = new LogLimit();
    private final ByteBuf readBatch = Unpooled.buffer(READ_BATCH_BYTES, READ_BATCH_BYTES);
    private final List<Link> links = new ArrayList<>();
    private final List<Link> touched = new ArrayList<>();
    private boolean isReading;
    private boolean isFlushDue;
    private boolean isEndDue;
    private @Nullable Link lastRead;

    LoopLinks(EventLoop loop, int index, Budget budget, LinkListener listener) {
        this.loop = loop;
        this.index = index;
        this.budget = budget;
        this.listener = listener;
    }

    /** Something threw that must not; it is told of once a minute. */
    void failed(String what, Throwable thrown) {
        if (Thrown.isFatal(thrown)) {
            listener.broken(index, thrown);
        } else if (limit.mayLog()) {
            Wall.log(LOG, what + " notLogged=" + limit.takeUnlogged(), thrown);
        }
    }

    /** Begins to look after the links; ends with the loop. */
    void start(LinkTimes times) {
        long every = Durations.nanos(times.keepAlive()) / BEATS_PER_KEEP_ALIVE;
        loop.scheduleWithFixedDelay(this::beat, every, every, TimeUnit.NANOSECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    int index() {
        return index;
    }

    /**
     * Empty, with an array of fixed size: for what one link has read, as long as it is looked at.
     */
    ByteBuf readBatch() {
        return readBatch.clear();
    }

    /** Shared by the links of all loops. */
    Budget budget() {
        return budget;
    }

    void add(Link link) {
        links.add(link);
    }

    void remove(Link link) {
        links.remove(link);
    }

    /** A read batch begins: what is sent during it is flushed at its end. */
    void beginBatch() {
        isReading = true;
    }

    /**
     * A link has been read. The batch ends when all links have been that can be: what came on
     * several of them is answered together.
     */
    void endBatchSoon(Link link) {
        lastRead = link;
        if (!isEndDue) {
            isEndDue = true;
            loop.execute(this::endBatch);
        }
    }

    /** A link ends: what came on it is told to the other loops first. */
    void endBatchNow(Link link) {
        if (isReading) {
            lastRead = link;
            endBatch();
        }
    }

    private void endBatch() {
        isEndDue = false;
        Link link = lastRead;
        lastRead = null;
        try {
            if (link != null) {
                listener.batchEnd(link);
            }
        } catch (Throwable thrown) {
            failed("the end of a batch failed:", thrown);
        } finally {
            isReading = false;
            flush();
        }
    }

    /**
     * The link has something to write. Outside of a read batch it goes when the loop is next free.
     */
    void touch(Link link) {
        touched.add(link);
        if (!isReading && !isFlushDue) {
            isFlushDue = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        isFlushDue = false;
        for (int i = 0; i < touched.size(); i++) {
            flush(touched.get(i));
        }
        touched.clear();
    }

    private static void flush(Link link) {
        try {
            link.flushTouched();
        } catch (Throwable thrown) {
            link.failed(thrown);
        }
    }

    private void beat() {
        isReading = false;
        long now = System.nanoTime();
        for (Link link : List.copyOf(links)) {
            try {
                link.beat(now);
            } catch (Throwable thrown) {
                link.failed(thrown);
            }
        }
    }
}
