package io.tuli.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.handshake.Tls;
import io.tuli.protocol.Durations;
import io.tuli.secret.Identity;
import io.tuli.secret.LifeKey;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Begins the handshake of each new connection, behind encryption where the member has a secret: TLS
 * on every socket that is not this user's own. Its one thread does the arithmetic of that, so that
 * a crowd of strangers costs the loops nothing. Any thread.
 */
final class Handshakes implements AutoCloseable {

    private static final long READY_SECONDS = 30;

    /** Of who was dialed: its handshake, and with the end of that a read of what it sends then. */
    private static final long DIALED_BYTES_MAX = 256 * 1024;

    private final TransportConfig config;
    private final Greeter greeter;
    private final @Nullable ExecutorService thread;
    private final @Nullable Future<Shown> first;
    private volatile @Nullable Shown latest;

    private Handshakes(
            TransportConfig config,
            Greeter greeter,
            @Nullable ExecutorService thread,
            @Nullable Future<Shown> first) {
        this.config = config;
        this.greeter = greeter;
        this.thread = thread;
        this.first = first;
    }

    /** How links are encrypted, and with which certificate, if with one. */
    private record Shown(Tls tls, @Nullable Identity identity) {

        static Shown of(@Nullable LifeKey life, @Nullable Identity identity) {
            LifeKey own = life == null ? LifeKey.make() : life;
            return new Shown(Tls.of(own, identity), identity);
        }
    }

    /** Begins to load what encrypts, which takes a moment. */
    static Handshakes of(TransportConfig config, Greeter greeter) {
        if (!greeter.hasCredentials()) {
            return new Handshakes(config, greeter, null, null);
        }
        ExecutorService thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform()
                                .name("tuli-tls-" + config.self().name())
                                .daemon()
                                .factory());
        Future<Shown> first = thread.submit(() -> Shown.of(greeter.life(), greeter.identity()));
        return new Handshakes(config, greeter, thread, first);
    }

    /** Not on a loop. */
    void awaitReady() {
        if (first != null) {
            try {
                latest = first.get(READY_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notReady(e);
            } catch (ExecutionException | TimeoutException e) {
                throw notReady(e);
            }
        }
    }

    private static TuliException notReady(Exception why) {
        return new TuliException(
                Failure.UNAVAILABLE,
                "a member with a secret or a certificate must be able to encrypt: " + why);
    }

    /** Of a connection that this member has dialed, to whom it wants. */
    void dialed(Channel channel, Handshake.Listener listener, Handshake.Wanted wanted) {
        long time = Durations.nanos(config.limits().handshakeTime());
        Handshake handshake = Handshake.ofDialer(greeter, listener, wanted, time);
        begin(channel, handshake, DIALED_BYTES_MAX, wanted.proves() ? Side.DIALER : Side.CLEAR);
    }

    private enum Side {
        DIALER,
        ACCEPTOR,
        /** Dials, and proves nothing. */
        CLEAR
    }

    /** Of one that it has accepted, from whomever. */
    void accepted(Channel channel, Handshake.Listener listener) {
        long time = Durations.nanos(config.limits().handshakeTime());
        int bytesMax = config.limits().handshakeBytes();
        begin(channel, Handshake.ofAcceptor(greeter, listener, time), bytesMax, Side.ACCEPTOR);
    }

    private void begin(Channel channel, Handshake handshake, long bytesMax, Side side) {
        boolean isUnix = channel instanceof NioDomainSocketChannel;
        boolean isEncrypted = first != null && !isUnix && side != Side.CLEAR;
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new Gate(handshake, isEncrypted, bytesMax));
        if (isEncrypted) {
            pipeline.addLast(handler(channel, side == Side.DIALER));
        }
        pipeline.addLast(handshake);
    }

    private SslHandler handler(Channel channel, boolean isDialer) {
        if (thread == null) {
            throw new IllegalStateException("an open mesh does not encrypt");
        }
        Executor ofChannel = task -> thread.execute(() -> runIfOpen(channel, task));
        SslHandler handler = new Encryption(tls().engine(isDialer), ofChannel);
        handler.setHandshakeTimeoutMillis(0); // the handshake's covers both
        return handler;
    }

    /** What a task finds wrong of a connection that has gone meanwhile is told nobody. */
    private static final class Encryption extends SslHandler {

        Encryption(SSLEngine engine, Executor tasks) {
            super(engine, tasks);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
            if (!ctx.isRemoved()) {
                super.exceptionCaught(ctx, cause);
            }
        }
    }

    /** That of the certificate in force: another is worked out in milliseconds. */
    private Tls tls() {
        Shown known = latest;
        Identity now = greeter.identity();
        if (known == null || !Objects.equals(known.identity(), now)) {
            known = Shown.of(greeter.life(), now);
            latest = known;
        }
        return known.tls();
    }

    /** Of who had to go meanwhile nothing is worked out: so what waits is at most a task each. */
    private static void runIfOpen(Channel channel, Runnable task) {
        if (channel.isOpen()) {
            task.run();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}
