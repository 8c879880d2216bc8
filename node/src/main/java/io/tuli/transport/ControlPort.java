package io.tuli.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.tuli.Member;
import io.tuli.handshake.Proven;
import io.tuli.handshake.Purpose;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refusals;
import io.tuli.handshake.Refused;
import io.tuli.handshake.WireVersions;
import io.tuli.secret.Credentials;
import io.tuli.socket.Channels;
import io.tuli.socket.Connector;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The membership's part of a {@link Transport}: connections through the same port and the same
 * handshake as links, on a loop of their own that no handler holds up. What they carry is up to
 * their {@link Listener}. Any thread.
 */
public final class ControlPort {

    /** What swallows packets is not there; whoever wants to say something dials again. */
    private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int OUTBOX_BYTES = 1024 * 1024;

    /** What becomes of connections. Called on the {@link #loop}. */
    public interface Listener {

        /**
         * The other side has proven that it belongs here. What it sends goes to the handler that is
         * answered.
         *
         * @param peer as it presents itself, with the port that its membership is reached by
         * @param dialed where it was dialed; null if it has dialed
         */
        ChannelHandler proven(Channel channel, Member peer, @Nullable InetSocketAddress dialed);

        /**
         * Who was dialed is not there, or does not belong here.
         *
         * @param refusal why; null where nobody answered
         */
        void failed(InetSocketAddress dialed, @Nullable Refusal refusal);

        /** What was proven on a connection does not count any more: it is to be dialed anew. */
        default void outdated(Channel channel) {
            cut(channel);
        }
    }

    private final TransportConfig config;
    private final EventLoop loop;
    private final Handshakes handshakes;
    private final Refusals refusals;
    private final ConcurrentMap<Channel, Proven> proven = new ConcurrentHashMap<>();
    private volatile int port;
    private volatile @Nullable Listener listener;

    ControlPort(TransportConfig config, EventLoop loop, Handshakes handshakes, Refusals refusals) {
        this.config = config;
        this.loop = loop;
        this.handshakes = handshakes;
        this.refusals = refusals;
    }

    /** Of no transport, which nobody reaches: for whoever loads classes ahead. */
    public static ControlPort none(Member nobody) {
        TransportConfig config = TransportConfig.of("none", nobody, null);
        Greeter greeter = new Greeter(config, WireVersions.CURRENT);
        Refusals refusals = new Refusals((address, refusal, why) -> {});
        EventLoop still = new DefaultEventLoop(); // which starts no thread before it has work
        return new ControlPort(config, still, Handshakes.of(config, greeter), refusals);
    }

    /** The loop of all these connections. */
    public EventLoop loop() {
        return loop;
    }

    /** The port that was bound; 0 before. */
    public int port() {
        return port;
    }

    void bound(int number) {
        port = number;
    }

    /** From now on there is a membership; with null there is none any more. */
    public void listen(@Nullable Listener other) {
        listener = other;
    }

    /** Dials; the listener hears what becomes of it. */
    public void dial(InetSocketAddress address) {
        try {
            loop.execute(() -> dial(address, true));
        } catch (RejectedExecutionException closed) {
            tellFailed(address, Refusal.CLOSING);
        }
    }

    private void dial(InetSocketAddress address, boolean proves) {
        new Connector(loop, CONNECT_NANOS, config.meetsAtDoors())
                .to(address, new Dialled(address, proves));
    }

    /** Closes a connection at once, whatever waits on it. Any thread. */
    public static void cut(Channel channel) {
        Gate.close(channel);
    }

    /** What was proven on the connections there are. */
    Collection<Proven> proven() {
        return proven.values();
    }

    /** Has at most so many connections dialed anew on which nothing counts any more. */
    void renew(Credentials now, int most) {
        proven.entrySet().stream()
                .filter(each -> !each.getValue().isIn(now))
                .limit(most)
                .forEach(each -> loop.execute(() -> tellOutdated(each.getKey())));
    }

    private void tellOutdated(Channel channel) {
        Listener ears = listener;
        if (ears != null) {
            ears.outdated(channel);
        }
    }

    /** One that was accepted, or dialed. On the loop. */
    void agreed(
            ChannelHandlerContext ctx,
            Handshake.Agreed agreed,
            @Nullable InetSocketAddress dialed) {
        Listener ears = listener;
        if (ears == null) {
            Gate.close(ctx.channel()); // not joined yet, or about to go
            return;
        }
        Channels.configure(ctx.channel(), OUTBOX_BYTES);
        Gate.opened(ctx.pipeline());
        proven.put(ctx.channel(), agreed.proven());
        ctx.channel().closeFuture().addListener(closed -> proven.remove(ctx.channel()));
        Member peer = agreed.peer().self();
        ctx.pipeline()
                .replace(Handshake.class, "control", ears.proven(ctx.channel(), peer, dialed));
    }

    private void tellFailed(InetSocketAddress address, @Nullable Refusal refusal) {
        Listener ears = listener;
        if (ears != null) {
            ears.failed(address, refusal);
        }
    }

    /** One attempt. On the loop. */
    private final class Dialled implements Connector.Listener, Handshake.Listener {

        private final InetSocketAddress address;
        private final boolean proves;
        private boolean isDone;

        Dialled(InetSocketAddress address, boolean proves) {
            this.address = address;
            this.proves = proves;
        }

        @Override
        public boolean isOnItsWay() {
            return listener != null;
        }

        @Override
        public void prepare(Channel made) {
            Channels.configure(made, OUTBOX_BYTES);
            Handshake.Wanted anybody =
                    new Handshake.Wanted(Greeter.ANYBODY, Purpose.CONTROL, proves);
            handshakes.dialed(made, this, anybody);
        }

        @Override
        public void connected(Channel channel) {
            channel.closeFuture().addListener(closed -> fail(null));
        }

        @Override
        public void failed(String why) {
            fail(null);
        }

        @Override
        public void agreed(ChannelHandlerContext ctx, Handshake.Agreed agreed) {
            isDone = true;
            ControlPort.this.agreed(ctx, agreed, address);
        }

        @Override
        public void refused(ChannelHandlerContext ctx, Refused why) {
            boolean isItself = why.refusal() == Refusal.UNEXPECTED_MEMBER; // else anybody will do
            if (config.self().isServer() && !isItself) {
                refusals.count(ctx.channel().remoteAddress(), why.refusal(), why.why());
            }
            boolean mayBeOpen = proves && why.refusal() == Refusal.SECRET;
            if (mayBeOpen && config.keyring().current().isOpen() && !isDone) {
                isDone = true;
                dial(address, false); // who has no credentials yet is met without
            } else {
                fail(why.refusal());
            }
        }

        private void fail(@Nullable Refusal refusal) {
            if (!isDone) {
                isDone = true;
                tellFailed(address, refusal);
            }
        }
    }
}
