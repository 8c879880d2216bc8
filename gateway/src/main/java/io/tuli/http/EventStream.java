package io.tuli.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client that listens to server-sent events. Whoever tells it something waits
 * until the client has read what it was told before; one that does not is closed, and comes back
 * for the rest.
 */
public final class EventStream extends ChannelInboundHandlerAdapter {

    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long BEAT_SECONDS = 15;
    private static final byte[] BEGIN = bytes("retry: 1000\n:\n\n");
    private static final byte[] RESET = bytes("retry: 1000\n:\n\nevent: reset\ndata: {}\n\n");
    private static final byte[] BEAT = bytes(":\n\n");

    private final Runnable end;
    private final CountDownLatch isOpen = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hasRoom = lock.newCondition();
    private volatile @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> beats;
    private @Nullable ScheduledFuture<?> expiry;
    private int missedBeats;

    /**
     * @param end runs once, when the client is gone
     */
    public EventStream(Runnable end) {
        this.end = end;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a stream of events begins with. */
    public static HttpResponse head(Request request) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Accel-Buffering", "no")
                .set("X-Content-Type-Options", "nosniff");
        if (request.head().protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return head;
    }

    // ---- on its loop ---------------------------------------------------------------------------

    /**
     * Takes the connection over.
     *
     * @param decoder of HTTP, which reads no more requests
     * @param closesAfterMillis when its caller is nobody any more
     * @param isReset whether the place it wants to go on from is none
     */
    public void open(
            ChannelHandlerContext decoder,
            HttpResponse head,
            long closesAfterMillis,
            boolean isReset) {
        Channel taken = decoder.channel();
        channel = taken;
        taken.pipeline().addLast(this);
        taken.pipeline().remove(decoder.handler());
        taken.write(head);
        taken.writeAndFlush(content(isReset ? RESET : BEGIN));
        beats =
                taken.eventLoop()
                        .scheduleAtFixedRate(
                                this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
        if (closesAfterMillis < Long.MAX_VALUE) {
            expiry =
                    taken.eventLoop()
                            .schedule(this::close, closesAfterMillis, TimeUnit.MILLISECONDS);
        }
        isOpen.countDown();
        if (!taken.isActive()) {
            ended();
        }
    }

    private void beat() {
        Channel open = channel;
        if (open == null) {
            return;
        }
        missedBeats = open.isWritable() ? 0 : missedBeats + 1;
        if (missedBeats == 0) {
            open.writeAndFlush(content(BEAT));
        } else if (missedBeats > 2) {
            open.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message); // it has asked for all that it gets
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        wake();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        context.close();
    }

    private void ended() {
        ScheduledFuture<?> running = beats;
        beats = null;
        if (running != null) {
            running.cancel(false);
            if (expiry != null) {
                expiry.cancel(false);
            }
            end.run();
        }
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            hasRoom.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static DefaultHttpContent content(byte[] bytes) {
        return new DefaultHttpContent(Unpooled.wrappedBuffer(bytes));
    }

    // ---- any thread ----------------------------------------------------------------------------

    public void close() {
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    /** Waits until it is open; false where its client went before. On no loop. */
    public boolean awaitOpen() throws InterruptedException {
        return isOpen.await(STUCK_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Whether it has read what it was told before, or most of it. */
    public boolean hasRoom() {
        Channel open = channel;
        return open != null && open.isActive() && open.isWritable();
    }

    /** Tells it something; waits for room, as long as a client may be stuck. On no loop. */
    public void tell(String event, String id, byte[] data) throws InterruptedException {
        Channel open = channel;
        if (open != null && mayWrite(open)) {
            byte[] head = bytes("event: " + event + "\nid: " + id + "\ndata: ");
            open.writeAndFlush(
                    new DefaultHttpContent(
                            Unpooled.wrappedBuffer(head, onOneLine(data), bytes("\n\n"))));
        }
    }

    private boolean mayWrite(Channel open) throws InterruptedException {
        lock.lock();
        try {
            long left = STUCK_NANOS;
            while (open.isActive() && !open.isWritable()) {
                if (left <= 0) {
                    open.close();
                    return false;
                }
                left = hasRoom.awaitNanos(left);
            }
            return open.isActive();
        } finally {
            lock.unlock();
        }
    }

    /** Between the parts of JSON the end of a line is a space like any other. */
    private static byte[] onOneLine(byte[] json) {
        byte[] line = json.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        return line;
    }
}
