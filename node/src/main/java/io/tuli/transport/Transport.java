package io.tuli.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.PlatformDependent;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.error.Require;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refusals;
import io.tuli.handshake.Refused;
import io.tuli.handshake.WireVersions;
import io.tuli.spin.LoopIo;
import io.tuli.spin.LoopThread;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of one member: accepts them, dials them, keeps them. Any thread may call it, unless a
 * method says otherwise.
 *
 * <p>Owns its event loops; {@link #close} gives back every thread and socket. The loops are there
 * from the beginning, links only after {@link #start}.
 */
public final class Transport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /** All outboxes together may take one such part of the direct memory there is. */
    private static final int MEMORY_SHARE = 4;

    private static final long FINISH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHUTDOWN_SECONDS = 2;

    private final TransportConfig config;
    private final MultiThreadIoEventLoopGroup group;

    /** Accepts, and carries the membership: strangers do not hold up links, nor a handler views. */
    private final MultiThreadIoEventLoopGroup door;

    private final List<LoopLinks> loops = new ArrayList<>();
    private final Links links = new Links();
    private final Refusals refusals;
    private final Greeter greeter;
    private final Handshakes handshakes;
    private final Acceptor acceptor;
    private final ControlPort controlPort;
    private final Dialer dialer;
    private final Renewal renewal;
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    public Transport(TransportConfig config, LinkListener listener) {
        this(config, listener, WireVersions.CURRENT);
    }

    Transport(TransportConfig config, LinkListener listener, WireVersions versions) {
        config.requireSafe();
        this.config = config;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        config.loops(),
                        LoopThread.factory("tuli-" + config.self().name()),
                        LoopIo.factory(config.spin()));
        Budget budget = new Budget(PlatformDependent.maxDirectMemory() / MEMORY_SHARE);
        for (EventExecutor loop : group) {
            loops.add(new LoopLinks((EventLoop) loop, loops.size(), budget, listener));
        }
        this.refusals = new Refusals(listener::refused);
        this.greeter = new Greeter(config, versions);
        Entrance entrance = new Entrance(config, listener, greeter, links, refusals, loops);
        this.handshakes = Handshakes.of(config, greeter);
        this.door =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("tuli-door-" + config.self().name(), true),
                        NioIoHandler.newFactory());
        this.controlPort = new ControlPort(config, door.next(), handshakes, refusals);
        this.acceptor = new Acceptor(config, entrance, controlPort, handshakes, refusals);
        this.dialer = new Dialer(config, listener, handshakes, entrance, links, loops);
        this.renewal = new Renewal(config, links, dialer, controlPort);
    }

    /**
     * Begins to accept connections, if an address to bind was configured. A client accepts none but
     * the membership's.
     *
     * @return the address bound; port 0 where there is none
     * @throws io.tuli.TuliException UNAVAILABLE when the port is taken
     */
    public InetSocketAddress start() {
        Require.invariant(
                isStarted.compareAndSet(false, true), "a transport starts once", greeter.self());
        if (config.isOpen() && config.self().isServer()) {
            LOG.warn("Anybody who reaches {} can join mesh {}", config.bind(), config.mesh());
        }
        handshakes.awaitReady();
        loops.forEach(loop -> loop.start(config.times()));
        renewal.start();
        InetSocketAddress bind = config.bind();
        if (bind == null) {
            return new InetSocketAddress(0);
        }
        InetSocketAddress bound = acceptor.bind(bind, door);
        greeter.bound(bound.getPort());
        controlPort.bound(bound.getPort());
        return bound;
    }

    /** Connections of another kind than links, through the same port: for the membership. */
    public ControlPort controlPort() {
        return controlPort;
    }

    /** How many event loops there are. */
    public int loops() {
        return loops.size();
    }

    /** All of them. */
    public EventLoopGroup group() {
        return group;
    }

    /** The one loop that accepts connections, and carries the membership. */
    public EventLoopGroup door() {
        return door;
    }

    /** An event loop: a thread, and everything that is confined to it. */
    public EventLoop loop(int index) {
        return loops.get(index).loop();
    }

    /**
     * Keeps a link to the peer: dials it, and dials again whenever the link drops, until {@link
     * #forget}. Exactly one side of a pair should do so. Calling it again with another address
     * moves the peer there.
     */
    public void connect(Member peer) {
        dialer.connect(peer);
    }

    /**
     * Makes one attempt at a link to whoever is at an address.
     *
     * @param done told on a loop how it ended; empty where it became a link
     */
    public void reach(InetSocketAddress where, Consumer<Optional<Refused>> done) {
        dialer.reach(where, done);
    }

    /**
     * The peer has left the mesh: its link is closed once all is written, and not dialled again.
     */
    public void forget(MemberId peer) {
        dialer.forget(peer);
    }

    /** The link to a peer; null where there is none. */
    public @Nullable Link link(MemberId peer) {
        return links.find(peer);
    }

    /** This member presents itself differently from now on; its id stays. */
    public void selfChanged(Member self) {
        greeter.selfChanged(self);
    }

    /** How many connections were refused since the start, by reason. */
    public Map<Refusal, Long> refused() {
        return refusals.counts();
    }

    List<Link> allLinks() {
        return links.all();
    }

    Refusals refusals() {
        return refusals;
    }

    /**
     * Writes what waits in outboxes, closes all links, and gives back every thread and socket;
     * within five seconds, whatever holds up a loop. Not from an event loop.
     */
    @Override
    public void close() {
        for (LoopLinks loop : loops) {
            Require.invariant(
                    !loop.loop().inEventLoop(), "a loop cannot wait for its own end", loop.index());
        }
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        refusals.closing();
        renewal.close();
        try {
            acceptor.close();
            dialer.close();
            Finish.all(links.all(), FINISH_NANOS);
        } finally {
            Future<?> linksEnd = group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            Future<?> doorEnd = door.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            linksEnd.awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            doorEnd.awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            handshakes.close();
        }
    }
}
