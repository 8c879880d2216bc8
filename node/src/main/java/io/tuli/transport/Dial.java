package io.tuli.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.handshake.Purpose;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.protocol.Durations;
import io.tuli.socket.Addresses;
import io.tuli.socket.Channels;
import io.tuli.socket.Connector;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a link to one peer: dials, and dials again, until it is stopped. Confined to the loop on
 * which its links will live.
 *
 * <p>The first attempt after an established link drops is immediate; each further one waits longer,
 * until a link has held for a while.
 */
final class Dial implements Handshake.Listener, Connector.Listener {

    /** A link that held for so long was a good one: the next failure is a first failure. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Dialer dialer;
    private final LoopLinks home;
    private final RandomGenerator random;
    private volatile Member peer;
    private boolean isBusy;
    private boolean isStopped;
    private boolean isRenewing;
    private boolean provesNothing;
    private int failures;
    private @Nullable Channel channel;
    private @Nullable Link link;
    private @Nullable Future<?> retry;
    private @Nullable Refused refusal;

    /** Told how the only attempt ended, where there is to be one; empty for well. */
    private @Nullable Consumer<Optional<Refused>> once;

    /**
     * Makes one attempt, to whoever is there.
     *
     * @param done told on the loop how it ended; empty where it became a link
     */
    static Dial once(
            Dialer dialer,
            LoopLinks home,
            InetSocketAddress where,
            RandomGenerator random,
            Consumer<Optional<Refused>> done) {
        Member whoever =
                new Member(
                        Greeter.ANYBODY,
                        "",
                        Member.Role.SERVER,
                        where.getHostString(),
                        where.getPort());
        Dial dial = new Dial(dialer, home, whoever, random);
        dial.once = done;
        return dial;
    }

    Dial(Dialer dialer, LoopLinks home, Member peer, RandomGenerator random) {
        this.dialer = dialer;
        this.home = home;
        this.peer = peer;
        this.random = random;
    }

    LoopLinks home() {
        return home;
    }

    Member peer() {
        return peer;
    }

    /** Where the peer is now; counts from the next attempt, which is made at once. */
    void moved(Member moved) {
        peer = moved;
        failures = 0;
        if (retry != null && retry.cancel(false)) {
            isBusy = false;
        }
        dial();
    }

    void dial() {
        if (isBusy || isStopped) {
            return;
        }
        isBusy = true;
        retry = null;
        Link existing = once == null ? dialer.links().find(peer.id()) : null;
        if (existing != null) {
            // The peer has dialled us: its link serves both, and when it ends we dial.
            existing.afterDown(() -> home.loop().execute(this::again));
            return;
        }
        if (once == null) {
            dialer.listener().status(peer.id(), LinkStatus.CONNECTING);
        }
        Addresses.resolve(peer.host(), peer.port(), home.loop(), this::connect, this::failed);
    }

    /**
     * Dials once more while there is a link, which ends when the new one has come: what was proven
     * on it does not count any more.
     */
    void renew() {
        if (link != null && !link.isClosed() && !isRenewing && !isStopped) {
            isRenewing = true;
            Addresses.resolve(peer.host(), peer.port(), home.loop(), this::connect, this::failed);
        }
    }

    private void again() {
        isBusy = false;
        dial();
    }

    private void connect(InetSocketAddress address) {
        TransportConfig config = dialer.config();
        long nanos = Durations.nanos(config.times().connect());
        new Connector(home.loop(), nanos, config.meetsAtDoors()).to(address, this);
    }

    @Override
    public boolean isOnItsWay() {
        return !isStopped;
    }

    @Override
    public void prepare(Channel made) {
        channel = made;
        Channels.configure(made, dialer.config().limits().outboxBytes());
        dialer.handshakes().dialed(made, this, wanted());
    }

    @Override
    public void connected(Channel linking) {
        linking.closeFuture().addListener(closed -> ended(linking));
    }

    private Handshake.Wanted wanted() {
        return new Handshake.Wanted(peer.id(), Purpose.DATA, !provesNothing);
    }

    @Override
    public void agreed(ChannelHandlerContext ctx, Handshake.Agreed agreed) {
        isRenewing = false;
        Link entered = dialer.entrance().enter(ctx, agreed);
        link = entered;
        isStopped |= once != null;
        tellOnce(Optional.empty());
        entered.afterDown(() -> dropped(entered));
    }

    @Override
    public void refused(ChannelHandlerContext ctx, Refused why) {
        dialer.entrance().refused(ctx, why);
        refusal = why;
        // Who has no credentials yet is met without, where we would let it in without, too.
        boolean mayBeOpen = why.refusal() == Refusal.SECRET && dialer.isOpen();
        provesNothing = mayBeOpen && !provesNothing;
    }

    /** The connection has ended; when it was a link, {@link #dropped} comes. */
    private void ended(Channel connection) {
        boolean isLatest = connection.equals(channel);
        if (isLatest && (link == null || isRenewing)) {
            failed("the connection ended during the handshake");
        }
    }

    private void dropped(Link ended) {
        if (!ended.equals(link)) {
            return; // a newer one has come
        }
        link = null;
        provesNothing = false;
        if (isRenewing) {
            return; // a newer one is coming
        }
        boolean wasGood = ended.wasUp() && System.nanoTime() - ended.upNanos() > GOOD_NANOS;
        if (wasGood) {
            failures = 0;
        }
        retryAfter(ended.wasUp() && failures == 0 ? 0 : delayNanos());
    }

    @Override
    public void failed(String why) {
        boolean isNeeded = !isRenewing || link == null;
        isRenewing = false;
        if (once != null && provesNothing && failures == 0) {
            retryAfter(0);
            return;
        }
        if (once != null) {
            isStopped = true;
            Refused last = refusal;
            tellOnce(Optional.of(last == null ? new Refused(Refusal.TOO_SLOW, why) : last));
        }
        if (!isStopped && isNeeded) {
            dialer.failed(peer, why);
            retryAfter(provesNothing && failures == 0 ? 0 : delayNanos());
        }
    }

    private void tellOnce(Optional<Refused> how) {
        Consumer<Optional<Refused>> waiting = once;
        if (waiting != null) {
            once = told -> {};
            waiting.accept(how);
        }
    }

    private long delayNanos() {
        return dialer.config().backoff().delayNanos(failures, random);
    }

    private void retryAfter(long nanos) {
        channel = null;
        failures++;
        if (!isStopped) {
            retry = home.loop().schedule(this::again, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Dials no more, and ends what there is. */
    void stop(String why) {
        isStopped = true;
        if (retry != null) {
            retry.cancel(false);
        }
        if (link != null) {
            link.finish(why);
        }
        if (channel != null && (link == null || isRenewing)) {
            channel.close();
        }
    }
}
