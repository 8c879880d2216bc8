package io.tuli.membership;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.handshake.Refusal;
import io.tuli.transport.ControlPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one member's control channel. Any thread may call it; all that it keeps is
 * confined to the control loop.
 *
 * <p>The first message to an address dials it and waits, others with it up to a limit; what finds
 * no room is dropped, for JGroups repeats what matters. Nobody waits here.
 *
 * <p>Two members may dial each other at once. Both connections stay; both sides send on the one
 * that the member of the smaller id has dialed, and the other is closed when it has been idle.
 */
final class ControlLinks implements ControlPort.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ControlLinks.class);

    /** What waits for one address that is being dialed. */
    static final int WAITING_BYTES_MAX = 256 * 1024;

    private static final int CROSSING_BYTES_MAX = 4 * 1024 * 1024;
    private static final int DIALS_MAX = 1_024;
    private static final long LOOK_EVERY_SECONDS = 20;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Who joins, leaves or lives was heard of later than that. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** What it tells. On the control loop. */
    interface Ears extends ControlLink.Ears {

        /** A connection to that member has ended without a word. */
        void lost(MemberId peer);
    }

    private final ControlPort port;
    private final MemberId self;
    private final Strayed strayed;
    private final Ears ears;
    private final EventLoop loop;
    private final AtomicInteger crossingBytes = new AtomicInteger();
    private final Set<ControlLink> links = new LinkedHashSet<>();
    private final Map<InetSocketAddress, ControlLink> routes = new HashMap<>();
    private final Map<InetSocketAddress, Waiting> dialing = new HashMap<>();
    private @Nullable ScheduledFuture<?> looking;
    private boolean isClosed;

    /**
     * @param strayed told which addresses turn out not to be of this mesh
     */
    ControlLinks(ControlPort port, MemberId self, Strayed strayed, Ears ears) {
        this.port = port;
        this.self = self;
        this.strayed = strayed;
        this.ears = ears;
        this.loop = port.loop();
    }

    /** From now on others may come. */
    void open() {
        port.listen(this);
        looking =
                loop.scheduleWithFixedDelay(
                        this::closeIdle, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** Says good-bye on all connections. Does not wait. */
    void close() {
        port.listen(null);
        run(
                () -> {
                    isClosed = true;
                    if (looking != null) {
                        looking.cancel(false);
                    }
                    dialing.values().forEach(waiting -> waiting.end(false));
                    dialing.clear();
                    List.copyOf(links).forEach(ControlLink::close);
                });
    }

    /** Ends all connections without a word, as a process that is killed does. For tests. */
    void crash() {
        port.listen(null);
        run(
                () -> {
                    isClosed = true;
                    List.copyOf(links).forEach(ControlLink::cut);
                });
    }

    /** How many connections there are. Waits for the control loop: not on it. */
    int count() {
        CompletableFuture<Integer> counted = new CompletableFuture<>();
        run(() -> counted.complete(links.size()));
        return counted.join();
    }

    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the control loop has ended: {}", ended.toString());
        }
    }

    // ---- sending -------------------------------------------------------------------------------

    /** Sends, or drops. The array is given away. */
    void send(InetSocketAddress to, byte[] frame) {
        boolean hasRoom =
                frame.length <= ControlLink.FRAME_BYTES_MAX
                        && crossingBytes.get() + frame.length <= CROSSING_BYTES_MAX;
        if (!hasRoom) {
            LOG.debug("dropped a message of {} bytes to {}", frame.length, to);
            return;
        }
        crossingBytes.addAndGet(frame.length);
        run(
                () -> {
                    crossingBytes.addAndGet(-frame.length);
                    sendNow(to, frame);
                });
    }

    private void sendNow(InetSocketAddress to, byte[] frame) {
        ControlLink link = routes.get(to);
        Waiting waiting = link == null ? dial(to) : null;
        boolean isTaken = link != null ? link.send(frame) : waiting != null && waiting.add(frame);
        if (!isTaken) {
            LOG.debug("dropped a message of {} bytes to {}", frame.length, to);
        }
    }

    /**
     * Tells when it is known whether a member of this mesh is there. Dials where there is no
     * connection.
     */
    CompletableFuture<Boolean> reach(InetSocketAddress address) {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        run(
                () -> {
                    if (routes.containsKey(address)) {
                        reached.complete(true);
                        return;
                    }
                    Waiting waiting = dial(address);
                    if (waiting == null) {
                        reached.complete(false);
                    } else {
                        waiting.asking.add(reached);
                    }
                });
        return reached;
    }

    private @Nullable Waiting dial(InetSocketAddress to) {
        Waiting waiting = dialing.get(to);
        boolean mayDial =
                dialing.size() < DIALS_MAX
                        && !isClosed
                        && !to.isUnresolved()
                        && !strayed.hasRefused(to, System.nanoTime());
        if (waiting == null && mayDial) {
            waiting = new Waiting();
            dialing.put(to, waiting);
            port.dial(to);
        }
        return waiting;
    }

    @Override
    public void failed(InetSocketAddress dialed, @Nullable Refusal refusal) {
        strayed.failed(dialed, refusal, System.nanoTime());
        Waiting waiting = dialing.remove(dialed);
        if (waiting != null) {
            waiting.end(false);
        }
    }

    @Override
    public void outdated(Channel channel) {
        List.copyOf(links).stream().filter(link -> link.isOn(channel)).forEach(ControlLink::close);
    }

    // ---- connections ---------------------------------------------------------------------------

    @Override
    public ChannelHandler proven(Channel channel, Member peer, @Nullable InetSocketAddress dialed) {
        InetSocketAddress at = addressOf(peer);
        ControlLink link = new ControlLink(channel, peer, at, dialed != null, ears);
        links.add(link);
        strayed.met(at);
        routes.merge(at, link, this::preferred);
        if (dialed != null) {
            routes.merge(dialed, link, this::preferred);
        }
        handOver(dialed == null ? null : dialing.remove(dialed), link);
        handOver(dialing.get(at), link); // that dial goes on
        channel.closeFuture().addListener(closed -> down(link));
        return link;
    }

    /** Names are not looked up: to whom says one, only what comes on a connection leads back. */
    private static InetSocketAddress addressOf(Member peer) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(peer.host());
        try {
            return literal == null
                    ? InetSocketAddress.createUnresolved(peer.host(), peer.port())
                    : new InetSocketAddress(InetAddress.getByAddress(literal), peer.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes: " + peer, e);
        }
    }

    /** Of two connections the one that both sides prefer; of another life at least the newer. */
    private ControlLink preferred(ControlLink old, ControlLink link) {
        boolean isSame = old.peer().id().equals(link.peer().id());
        boolean isNewer = !isSame || old.isDialer() == link.isDialer();
        boolean isSmaller = self.compareTo(link.peer().id()) < 0;
        return isNewer || link.isDialer() == isSmaller ? link : old;
    }

    private static void handOver(@Nullable Waiting waiting, ControlLink link) {
        if (waiting != null) {
            waiting.frames.forEach(link::send);
            waiting.end(true);
        }
    }

    private void down(ControlLink link) {
        links.remove(link);
        routes.values().removeIf(link::equals);
        for (ControlLink other : links) {
            if (other.at().equals(link.at())) {
                routes.merge(other.at(), other, this::preferred);
            }
        }
        if (!link.isFarewell() && !isClosed) {
            ears.lost(link.peer().id());
        }
    }

    /**
     * Closes those to others than these on which nothing has come for a while. Of a member that a
     * split of the network took away there may be a connection on which TCP repeats what it has
     * sent at ever longer intervals. After the split has healed, whatever is sent there waits for
     * that, up to as long as the split has lasted; on a new connection it arrives at once. But who
     * joins or leaves is not in the view either, and must be answered.
     */
    void retain(Collection<InetSocketAddress> members) {
        Set<InetSocketAddress> kept = Set.copyOf(members);
        run(
                () -> {
                    long now = System.nanoTime();
                    for (ControlLink link : List.copyOf(links)) {
                        if (!kept.contains(link.at()) && now - link.heardNanos() > SILENCE_NANOS) {
                            LOG.debug("closing the connection to {}, silent and gone", link);
                            link.close();
                        }
                    }
                });
    }

    private void closeIdle() {
        long now = System.nanoTime();
        for (ControlLink link : List.copyOf(links)) {
            if (now - link.usedNanos() > IDLE_NANOS) {
                link.close();
            }
        }
    }

    /** What waits for an address that is being dialed. On the control loop. */
    private static final class Waiting {

        private final List<byte[]> frames = new ArrayList<>();
        private final List<CompletableFuture<Boolean>> asking = new ArrayList<>();
        private int bytes;

        boolean add(byte[] frame) {
            if (bytes + frame.length > WAITING_BYTES_MAX) {
                return false;
            }
            bytes += frame.length;
            return frames.add(frame);
        }

        /** It is known whether somebody is there. */
        void end(boolean isReached) {
            frames.clear();
            bytes = 0;
            asking.forEach(each -> each.complete(isReached));
            asking.clear();
        }
    }
}
