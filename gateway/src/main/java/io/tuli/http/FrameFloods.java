package io.tuli.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the heads of HTTP/2 frames before anything is made of them, and ends a connection that
 * sends what asks for work and carries nothing: settings, pings, priorities, kinds that nobody
 * knows. What Netty looks at itself - resets, continuations, empty data, sizes of headers - is left
 * to it. A connection that is closed is told why, and has time to read it. Confined to the
 * connection's loop.
 */
final class FrameFloods extends ChannelDuplexHandler {

    private static final int PREFACE_BYTES = 24;
    private static final int HEAD_BYTES = 9;
    private static final int END_HEADERS = 4;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    /** So many frames that carry nothing may come in a window of time. */
    private static final int IDLE_FRAMES_MAX = 500;

    private static final int DATA_BYTES = 64;
    private static final int RESET_BYTES = HEAD_BYTES + 4;
    private static final long LEAVING_MILLIS = 2_000;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Runnable flooded;
    private final byte[] head = new byte[HEAD_BYTES];
    private int skip = PREFACE_BYTES;
    private int has;
    private int idleFrames;
    private long windowNanos = System.nanoTime();
    private boolean isInHeaders;
    private long headersNanos;
    private long dataNanos = System.nanoTime();
    private boolean isDeaf;
    private boolean isClosing;

    /**
     * @param flooded runs once, on the loop; nothing is handed on after it
     */
    FrameFloods(Runnable flooded) {
        this.flooded = flooded;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && !isDeaf) {
            look(bytes);
        }
        if (isDeaf) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void look(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end && !isDeaf) {
            if (skip > 0) {
                int step = Math.min(skip, end - at);
                skip -= step;
                at += step;
            } else {
                head[has++] = bytes.getByte(at++);
                if (has == HEAD_BYTES) {
                    has = 0;
                    frame();
                }
            }
        }
    }

    private void frame() {
        skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        switch (head[3]) {
            case HEADERS, CONTINUATION -> {
                boolean wasInHeaders = isInHeaders;
                isInHeaders = (head[4] & END_HEADERS) == 0;
                if (!wasInHeaders) {
                    headersNanos = System.nanoTime();
                }
            }
            case DATA, RESET, WINDOW_UPDATE -> {}
            default -> idle();
        }
    }

    private void idle() {
        long now = System.nanoTime();
        if (now - windowNanos > WINDOW_NANOS) {
            windowNanos = now;
            idleFrames = 0;
        }
        idleFrames++;
        if (idleFrames > IDLE_FRAMES_MAX && !isDeaf) {
            isDeaf = true;
            flooded.run();
        }
    }

    /**
     * Notes when something large has gone out: so much the other side lets come. And counts our own
     * resets, whatever they are for: a client can make us reset, and nobody else counts all of
     * them.
     */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            int size = bytes.readableBytes();
            if (size > DATA_BYTES) {
                dataNanos = System.nanoTime();
            } else if (size == RESET_BYTES && bytes.getByte(bytes.readerIndex() + 3) == RESET) {
                idle();
            }
        }
        context.write(message, promise);
    }

    /** When something of an answer has gone out last. */
    long dataNanos() {
        return dataNanos;
    }

    /**
     * To close it while something is unread would take back what was said last: what comes is read,
     * and not looked at, until the other side has closed it or has had its time.
     */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (isClosing) {
            context.close(promise);
            return;
        }
        isClosing = true;
        isDeaf = true;
        context.flush();
        HalfClose.of(context.channel());
        context.executor()
                .schedule(() -> context.close(promise), LEAVING_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** It has had time enough. */
    void abort(Channel channel) {
        isClosing = true;
        channel.close();
    }

    /** Whether headers have begun so long ago, and have not ended. */
    boolean areHeadersOlder(long nowNanos, long thanNanos) {
        return isInHeaders && nowNanos - headersNanos > thanNanos;
    }
}
