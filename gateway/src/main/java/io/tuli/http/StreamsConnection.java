package io.tuli.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.tuli.invoke.Connection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One connection of HTTP/2: requests side by side, each a stream. Requests wait while answers of
 * the connection are not read. What attacks it - resets, floods, headers without end, windows that
 * stay shut - ends it. Confined to its loop.
 */
final class StreamsConnection extends ChannelInboundHandlerAdapter implements Watched {

    /** Open at a time; a client is told. */
    static final int STREAMS_MAX = 100;

    private static final int RESETS_MAX = 200;
    private static final int RESETS_SECONDS = 30;
    private static final int CONTINUATIONS_MAX = 16;
    private static final int EMPTY_DATA_MAX = 16;
    private static final int QUEUED_CONTROL_MAX = 1_000;

    /** While so much of its answers is not read no more requests are begun. */
    private static final long UNREAD_MAX = 1 << 20;

    /** With so much it is closed: calls that took their time have answered all at once. */
    private static final long UNREAD_END = 32 << 20;

    /** So many requests begin side by side, before it is known how large their answers are. */
    private static final int FRESH_MAX = 16;

    private static final long FRESH_MILLIS = 10;

    private static final int READ_BYTES_MIN = 64;

    /** So much is read in one turn of the loop: many small frames are much work. */
    private static final int READ_BYTES = 16 * 1024;

    private final HttpContext server;
    private final Connection connection;
    private final Channel channel;
    private final FrameFloods floods = new FrameFloods(this::flooded);
    private final Set<StreamExchange> streams = new HashSet<>();
    private final Deque<StreamExchange> waiting = new ArrayDeque<>();
    private int open;
    private long idleNanos = System.nanoTime();
    private long unread;
    private int fresh;
    private boolean isAgeing;
    private boolean isRetiring;
    private boolean isStarting;

    private StreamsConnection(HttpContext server, Connection connection, Channel channel) {
        this.server = server;
        this.connection = connection;
        this.channel = channel;
    }

    /** Makes a connection speak HTTP/2, which its client has asked for. */
    static void begin(HttpContext server, Connection connection, Channel channel) {
        StreamsConnection made = new StreamsConnection(server, connection, channel);
        Http2Settings settings =
                Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS_MAX)
                        .maxHeaderListSize(HttpLimits.HEADER_BYTES);
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES, READ_BYTES)
                                .maxMessagesPerRead(1));
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(made.floods);
        pipeline.addLast(
                Http2FrameCodecBuilder.forServer()
                        .initialSettings(settings)
                        .validateHeaders(true)
                        .validateRequiredPseudoHeaders(true)
                        .decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                        .encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                        .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_DATA_MAX)
                        .decoderEnforceMaxSmallContinuationFrames(CONTINUATIONS_MAX)
                        .encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_MAX)
                        .gracefulShutdownTimeoutMillis(0)
                        .build());
        pipeline.addLast(new Http2MultiplexHandler(made.new Streams()));
        pipeline.addLast(made);
    }

    /** Each stream is a channel of its own. */
    private final class Streams extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel stream) {
            open++;
            stream.closeFuture().addListener(closed -> left());
            stream.pipeline()
                    .addLast(new Http2StreamFrameToHttpObjectCodec(true, true))
                    .addLast(new StreamExchange(server, StreamsConnection.this, connection));
        }
    }

    private void left() {
        open--;
        idleNanos = System.nanoTime();
        if (isRetiring && open == 0) {
            channel.close();
        }
    }

    // ---- its streams ---------------------------------------------------------------------------

    void add(StreamExchange stream) {
        streams.add(stream);
    }

    void remove(StreamExchange stream) {
        streams.remove(stream);
        waiting.remove(stream);
    }

    /** A request has come wholly: it is answered now, or when there is room for the answer. */
    void ready(StreamExchange stream) {
        waiting.add(stream);
        next();
    }

    private void next() {
        if (isStarting) {
            return;
        }
        isStarting = true;
        while (unread < UNREAD_MAX && fresh < FRESH_MAX && !waiting.isEmpty()) {
            fresh++;
            waiting.remove().start();
        }
        isStarting = false;
        if (fresh >= FRESH_MAX && !waiting.isEmpty() && !isAgeing) {
            isAgeing = true;
            channel.eventLoop().schedule(this::aged, FRESH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Those that take longer hold up nobody. */
    private void aged() {
        isAgeing = false;
        fresh = 0;
        next();
    }

    /** So much more of answers is on its way. */
    void writing(int bytes) {
        fresh = Math.max(0, fresh - 1);
        unread += bytes;
        if (unread > UNREAD_END) {
            endUnread();
        } else {
            next();
        }
    }

    /** So much less is. */
    void written(int bytes) {
        unread -= bytes;
        next();
    }

    // ---- its end -------------------------------------------------------------------------------

    private void flooded() {
        server.refused(connection, 429);
        say(Http2Error.ENHANCE_YOUR_CALM);
        channel.close();
    }

    private void say(Http2Error error) {
        channel.writeAndFlush(new DefaultHttp2GoAwayFrame(error));
    }

    /** A stream does not get on: it waits for others, or the client reads nothing. */
    void stuck(long nowNanos) {
        if (nowNanos - floods.dataNanos() > server.limits().within().reading().toNanos()) {
            endUnread();
        }
    }

    private void endUnread() {
        say(Http2Error.ENHANCE_YOUR_CALM);
        channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        server.opened(this, connection.loop());
    }

    /** What concerns no stream. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        server.closed(this, connection.loop());
        context.fireChannelInactive();
    }

    /** What breaks HTTP/2 the codec answers itself, and says why. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.close();
        }
    }

    @Override
    public void look(long now) {
        HttpLimits.Times within = server.limits().within();
        if (floods.areHeadersOlder(now, within.headers().toNanos())
                || (open == 0 && now - idleNanos > within.idle().toNanos())) {
            channel.close();
            return;
        }
        List.copyOf(streams).forEach(stream -> stream.look(now));
    }

    @Override
    public void retire() {
        isRetiring = true;
        if (open == 0) {
            channel.close();
        } else {
            say(Http2Error.NO_ERROR);
        }
    }

    @Override
    public void abort() {
        floods.abort(channel);
    }
}
