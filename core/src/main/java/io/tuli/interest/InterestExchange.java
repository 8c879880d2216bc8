package io.tuli.interest;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How members tell each other what they want to hear, over their data links. What a member wants
 * has a version. Changes are gathered for a moment, and told as what is other than in the version
 * before; a new link is told all of it. Who gets what does not fit asks for all, and who has it
 * says so: then a subscription is ready. Once a second the version is repeated on each link.
 *
 * <p>Clients have no links to each other. A client chooses one of the servers that it has links to
 * as its home, and says so; that server tells other clients what its own want, and relays to them.
 * It says that it knows a client's interest only when all other clients know it from it.
 *
 * <p>What is known of a member stays while its link is away, so that what was published meanwhile
 * counts as missed, and goes when the member is gone. One thread.
 */
public final class InterestExchange {

    /** Patterns and groups of one member, of all services. */
    public static final int PATTERNS_MAX = 10_000;

    /** Of one service; beyond, the member hears all of it, and sorts out what it wants. */
    public static final int PATTERNS_OF_SERVICE_MAX = 1_000;

    /** Subscribers of one pattern at one member. */
    public static final int COUNT_MAX = 100_000;

    static final int ITEMS_IN_FRAME = 256;

    private static final long GATHERED_NANOS = 10_000_000;
    private static final long REPEATED_NANOS = 1_000_000_000;
    private static final long WHOLE_NANOS = 100_000_000;

    private final MemberId self;
    private final boolean isServer;
    private final Routes routes;
    private final Port port;
    private final OwnInterest own = new OwnInterest();
    private final Map<MemberId, Peer> peers = new LinkedHashMap<>();
    private Set<MemberId> servers = Set.of();
    private @Nullable MemberId home;
    private long gatheredNanos;
    private long repeatedNanos;
    private boolean hasGathered;

    /** What it says, and whom it asks. A port: every method returns at once. */
    public interface Port {

        /** False while there is no room on the link: what is to be said waits. */
        boolean isWritable(MemberId to);

        void send(MemberId to, Frame.OfSubjects frame);

        /** What a client was relayed may have a gap: its home is another now. */
        default void homeLost() {}
    }

    /** Another member, as far as it concerns this. */
    private static final class Peer {

        private final boolean isServer;
        private final PeerInterest interest = new PeerInterest();
        private boolean isLinked;
        private boolean isWholeDue;
        private long wholeNanos;
        private boolean hasHadWhole;

        /** What it knows of this member. */
        private long known;

        /** What it has been told of this member. */
        private long told;

        /** It hears that this is known once all other clients know this member's other version. */
        private long owedVersion;

        private long owedUntil;

        /** What others are told of what it wants, if it is a client at home here. */
        private final Map<InterestItem, InterestItem> relayed = new HashMap<>();

        Peer(boolean isServer) {
            this.isServer = isServer;
        }
    }

    /**
     * @param routes told of all that others want
     */
    public InterestExchange(MemberId self, boolean isServer, Routes routes, Port port) {
        this.self = self;
        this.isServer = isServer;
        this.routes = routes;
        this.port = port;
    }

    // ---- what this member wants ----------------------------------------------------------------

    /**
     * One subscriber more wants a pattern.
     *
     * @param isEcho whether it also wants what this member itself publishes
     * @return what others are told that it wants: mostly the same
     * @throws TuliException TOO_LARGE where there are too many
     */
    public InterestItem want(int service, String pattern, String group, boolean isEcho) {
        InterestItem exact = new InterestItem(service, pattern, group, false, 0);
        InterestItem told = told(exact);
        own.add(told, 1);
        if (isEcho) {
            routes.own(exact, 1);
        }
        return told;
    }

    private InterestItem told(InterestItem exact) {
        if (own.count(exact) > 0) {
            return exact;
        }
        boolean isFull = own.own() >= PATTERNS_MAX;
        boolean isServiceFull = own.ownOf(exact.service()) >= PATTERNS_OF_SERVICE_MAX;
        InterestItem all = new InterestItem(exact.service(), Subjects.REST, "", false, 0);
        boolean mayWiden = !exact.isOfGroup() && (!isFull || own.count(all) > 0);
        if (!isFull && !isServiceFull) {
            return exact;
        }
        if (mayWiden) {
            return all;
        }
        throw new TuliException(
                Failure.TOO_LARGE,
                "a member wants at most "
                        + PATTERNS_MAX
                        + " patterns of subjects, of one service with groups at most "
                        + PATTERNS_OF_SERVICE_MAX
                        + ": pattern="
                        + exact.pattern()
                        + "; subscribe to fewer, wider patterns and filter");
    }

    /** One subscriber less wants what was {@link #want}ed so, and told as that. */
    public void unwant(String pattern, InterestItem told, boolean isEcho) {
        own.add(told, -1);
        if (isEcho) {
            routes.own(new InterestItem(told.service(), pattern, told.group(), false, 0), -1);
        }
    }

    /** The version in which all is that is wanted now. */
    public long wantedVersion() {
        return own.nextVersion();
    }

    /** Whether all who are there know that version, and so all that they publish comes. */
    public boolean isKnown(long version) {
        for (MemberId server : servers) {
            Peer peer = peers.get(server);
            if (version > 0 && !server.equals(self) && (peer == null || peer.known < version)) {
                return false;
            }
        }
        return isKnownToLinked(version, peer -> true);
    }

    /** Whether there is a link to a member, and it knows that version. */
    boolean isKnownTo(MemberId member, long version) {
        Peer peer = peers.get(member);
        return peer != null && peer.isLinked && peer.known >= version;
    }

    private boolean isKnownToLinked(long version, Predicate<Peer> which) {
        for (Peer peer : peers.values()) {
            if (peer.isLinked && peer.known < version && which.test(peer)) {
                return false;
            }
        }
        return true;
    }

    // ---- time ----------------------------------------------------------------------------------

    /** Something is wanted that was not: told at once, unless something was told just now. */
    public void hurry(long now) {
        if (own.isDirty() && (!hasGathered || now - gatheredNanos >= GATHERED_NANOS)) {
            gather(now);
        }
    }

    /** Time has passed; come every 20 ms or so. */
    public void tick(long now) {
        hurry(now);
        boolean isRepeated = own.version() > 0 && now - repeatedNanos >= REPEATED_NANOS;
        repeatedNanos = isRepeated ? now : repeatedNanos;
        peers.forEach(
                (id, peer) -> {
                    if (peer.isLinked && peer.isWholeDue) {
                        whole(id, peer, now);
                    } else if (peer.isLinked && isRepeated && port.isWritable(id)) {
                        say(id, peer, own.version(), List.of());
                    }
                });
        payOwed();
    }

    private void gather(long now) {
        hasGathered = true;
        gatheredNanos = now;
        long base = own.version();
        List<InterestItem> all = own.gather();
        List<InterestItem> withoutRelayed = all.stream().filter(item -> !item.isRelayed()).toList();
        peers.forEach(
                (id, peer) -> {
                    boolean isNext = peer.told == base && !peer.isWholeDue;
                    if (peer.isLinked && isNext && base > 0 && port.isWritable(id)) {
                        say(id, peer, base, peer.isServer ? withoutRelayed : all);
                    } else if (peer.isLinked) {
                        whole(id, peer, now);
                    }
                });
    }

    // ---- telling -------------------------------------------------------------------------------

    /** All of it; not again and again to whoever always asks. */
    private void whole(MemberId id, Peer peer, long now) {
        boolean isSoon = peer.hasHadWhole && now - peer.wholeNanos < WHOLE_NANOS;
        if (own.version() == 0) {
            peer.isWholeDue = false;
            return;
        }
        peer.isWholeDue = isSoon || !port.isWritable(id);
        if (!peer.isWholeDue) {
            peer.hasHadWhole = true;
            peer.wholeNanos = now;
            say(id, peer, 0, own.all(!peer.isServer));
        }
    }

    /** In frames none of which is long. */
    private void say(MemberId id, Peer peer, long base, List<InterestItem> items) {
        long version = own.version();
        boolean isHome = id.equals(home);
        int from = 0;
        long on = base;
        do {
            int to = Math.min(items.size(), from + ITEMS_IN_FRAME);
            boolean isLast = to == items.size();
            List<InterestItem> some = items.subList(from, to);
            port.send(id, new Frame.Interest(version, on, isLast, isHome, some));
            on = version;
            from = to;
        } while (from < items.size());
        peer.told = version;
    }

    // ---- hearing -------------------------------------------------------------------------------

    /**
     * Another member tells what it wants.
     *
     * @throws io.tuli.protocol.InvalidFrameException where no honest member says so
     */
    public void received(MemberId from, Frame.Interest frame) {
        Peer peer = peers.get(from);
        if (peer == null || !peer.isLinked) {
            return;
        }
        long before = peer.interest.version();
        boolean wasHome = isHomed(peer);
        boolean isTaken =
                peer.interest.take(
                        frame,
                        (item, count) -> {
                            routes.changed(from, item, count);
                            if (wasHome) {
                                relay(peer, item);
                            }
                        });
        boolean isHome = isHomed(peer);
        if (isHome != wasHome) {
            peer.interest
                    .counts()
                    .forEach((item, count) -> relay(peer, item.of(isHome ? count : 0)));
            routes.homed(from, isHome);
        }
        if (!isTaken) {
            port.send(from, new Frame.InterestKnown(peer.interest.version(), true));
        } else if (frame.isLast() && (before != frame.version() || frame.base() == 0)) {
            known(from, peer, isHome);
        }
    }

    private boolean isHomed(Peer peer) {
        return isServer && !peer.isServer && peer.interest.isHome();
    }

    /** This member tells other clients what this client wants. */
    private void relay(Peer client, InterestItem item) {
        InterestItem told = client.relayed.get(item.key());
        if (item.count() > 0 && told == null) {
            InterestItem telling = own.relayable(item);
            if (telling != null) {
                client.relayed.put(item.key(), telling);
                own.add(telling, 1);
            }
        } else if (item.count() == 0 && told != null) {
            client.relayed.remove(item.key());
            own.add(told, -1);
        }
    }

    private void known(MemberId from, Peer peer, boolean isHome) {
        if (isHome) {
            peer.owedVersion = peer.interest.version();
            peer.owedUntil = own.nextVersion();
            payOwed();
        } else {
            port.send(from, new Frame.InterestKnown(peer.interest.version(), false));
        }
    }

    private void payOwed() {
        peers.forEach(
                (id, peer) -> {
                    boolean isOwed = peer.owedVersion > 0 && peer.isLinked;
                    if (isOwed
                            && isKnownToLinked(
                                    peer.owedUntil, other -> !other.isServer && other != peer)) {
                        port.send(id, new Frame.InterestKnown(peer.owedVersion, false));
                        peer.owedVersion = 0;
                    }
                });
    }

    /** Another member tells what it knows of this one's interest. */
    public void received(MemberId from, Frame.InterestKnown frame) {
        Peer peer = peers.get(from);
        if (peer == null || !peer.isLinked) {
            return;
        }
        peer.isWholeDue |= frame.isWanted();
        if (!frame.isWanted() && frame.version() <= own.version()) {
            peer.known = Math.max(peer.known, frame.version());
            payOwed();
        }
    }

    // ---- who is there --------------------------------------------------------------------------

    /** There is a link to a member. */
    public void linkUp(MemberId member, boolean isToServer, long now) {
        Peer peer = peers.computeIfAbsent(member, id -> new Peer(isToServer));
        peer.isLinked = true;
        peer.known = 0;
        peer.told = 0;
        peer.owedVersion = 0;
        peer.hasHadWhole = false;
        chooseHome();
        whole(member, peer, now);
    }

    /** There is none any more; it may come back. */
    public void linkDown(MemberId member) {
        Peer peer = peers.get(member);
        if (peer != null) {
            peer.isLinked = false;
            peer.known = 0;
            if (member.equals(home)) {
                home = null;
                port.homeLost();
            }
            chooseHome();
            payOwed();
        }
    }

    /** The member is gone, with all it wanted. */
    public void forget(MemberId member) {
        linkDown(member);
        Peer peer = peers.remove(member);
        if (peer != null) {
            boolean wasHome = isHomed(peer);
            peer.interest.clear(
                    (item, before) -> {
                        routes.changed(member, item, before);
                        if (wasHome) {
                            relay(peer, item);
                        }
                    });
            routes.forget(member);
        }
    }

    /** These servers are there, whether there are links to them or not. */
    public void present(Collection<MemberId> present) {
        servers = Set.copyOf(present);
    }

    /** A client stays with its home while the link to it lasts. */
    private void chooseHome() {
        if (isServer || home != null) {
            return;
        }
        List<MemberId> linked = new ArrayList<>();
        peers.forEach(
                (id, peer) -> {
                    if (peer.isLinked && peer.isServer) {
                        linked.add(id);
                    }
                });
        for (MemberId server : linked) {
            home = home == null || weight(server) > weight(home) ? server : home;
        }
        if (home != null && own.version() > 0) {
            own.force();
        }
    }

    /** Rendezvous: clients are spread over servers, and each finds its own again. */
    private long weight(MemberId server) {
        long mixed =
                (server.incarnation() ^ Long.rotateLeft(self.incarnation(), 32))
                        * 0x9e3779b97f4a7c15L;
        return (mixed ^ (mixed >>> 31)) * 0xbf58476d1ce4e5b9L;
    }

    /** The server that relays to this client; null if there is none, and of a server. */
    @Nullable MemberId home() {
        return home;
    }
}
