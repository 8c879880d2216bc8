package io.tuli.transport;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.handshake.Refused;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peers to which this member keeps links by dialling them. Any thread. */
final class Dialer {

    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

    private final TransportConfig config;
    private final LinkListener listener;
    private final Handshakes handshakes;
    private final Entrance entrance;
    private final Links links;
    private final List<LoopLinks> loops;
    private final SplittableRandom seeds = new SplittableRandom();
    private final ConcurrentMap<MemberId, Dial> dials = new ConcurrentHashMap<>();

    Dialer(
            TransportConfig config,
            LinkListener listener,
            Handshakes handshakes,
            Entrance entrance,
            Links links,
            List<LoopLinks> loops) {
        this.config = config;
        this.listener = listener;
        this.handshakes = handshakes;
        this.entrance = entrance;
        this.links = links;
        this.loops = loops;
    }

    TransportConfig config() {
        return config;
    }

    LinkListener listener() {
        return listener;
    }

    /** Whether who proves nothing is dialed all the same. */
    boolean isOpen() {
        return config.keyring().current().isOpen();
    }

    Handshakes handshakes() {
        return handshakes;
    }

    Entrance entrance() {
        return entrance;
    }

    Links links() {
        return links;
    }

    synchronized void connect(Member peer) {
        Dial known = dials.get(peer.id());
        if (known == null) {
            Dial dial = new Dial(this, homeOf(peer.id()), peer, split());
            dials.put(peer.id(), dial);
            dial.home().loop().execute(dial::dial);
        } else if (!known.peer().address().equals(peer.address())) {
            known.home().loop().execute(() -> known.moved(peer));
        }
    }

    /** Makes one attempt at a link to whoever is there. */
    void reach(InetSocketAddress where, Consumer<Optional<Refused>> done) {
        LoopLinks home = loops.get(Math.floorMod(where.hashCode(), loops.size()));
        Dial dial = Dial.once(this, home, where, split(), done);
        home.loop().execute(dial::dial);
    }

    private synchronized SplittableRandom split() {
        return seeds.split();
    }

    private LoopLinks homeOf(MemberId peer) {
        return loops.get((int) Long.remainderUnsigned(peer.incarnation(), loops.size()));
    }

    synchronized void forget(MemberId peer) {
        Dial dial = dials.remove(peer);
        Link link = links.find(peer);
        LoopLinks home = link == null ? homeOf(peer) : link.home();
        if (dial != null) {
            dial.home().loop().execute(() -> dial.stop("the peer has left the mesh"));
        }
        if (link == null) {
            home.loop().execute(() -> listener.status(peer, LinkStatus.REMOVED));
        } else {
            link.finish("the peer has left the mesh");
            link.afterDown(() -> listener.status(peer, LinkStatus.REMOVED));
        }
    }

    /** Dials a peer once more, though there is a link that this member has dialed. Any thread. */
    void renew(MemberId peer) {
        Dial dial = dials.get(peer);
        if (dial != null) {
            dial.home().loop().execute(dial::renew);
        }
    }

    /** An attempt did not come to a link. */
    void failed(Member peer, String why) {
        LOG.debug("Dialling failed: peer={} why={}", peer, why);
        listener.status(peer.id(), LinkStatus.DISCONNECTED);
    }

    synchronized void close() {
        dials.values().forEach(dial -> dial.home().loop().execute(() -> dial.stop(Finish.WHY)));
        dials.clear();
    }
}
