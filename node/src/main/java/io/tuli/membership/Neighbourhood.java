package io.tuli.membership;

import io.tuli.Member;
import io.tuli.membership.Sighting.Standing;
import io.tuli.socket.PeerNames;
import io.tuli.socket.Probe;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for other members: by their beacons on this machine, at the addresses of the peers that the
 * user named, and on the local network. What it sees are hints; who is there shows when they are
 * dialed. Blocks, at most a moment; used by one thread at a time.
 */
final class Neighbourhood {

    /** What accepts a connection on this machine and then says nothing is another program. */
    private static final Duration BEACON_PATIENCE = Duration.ofMillis(250);

    private static final Duration PEER_PATIENCE = Duration.ofMillis(500);

    private final MembershipConfig config;
    private final InetSocketAddress control;
    private final Member self;
    private final Strayed strayed;
    private final PeerNames names;
    private final List<InetSocketAddress> beacons;

    /**
     * @param control where this member's control channel is reached
     * @param strayed where it is no use to look
     */
    Neighbourhood(
            MembershipConfig config, InetSocketAddress control, Member self, Strayed strayed) {
        this.config = config;
        this.control = control;
        this.self = self;
        this.strayed = strayed;
        this.names = new PeerNames(config.peers());
        int first = Beacon.firstPort(config.nameHash());
        List<InetSocketAddress> ports = new ArrayList<>();
        for (int port = first; port < first + Beacon.PORTS; port++) {
            ports.add(new InetSocketAddress(control.getAddress(), port));
        }
        this.beacons = List.copyOf(ports);
    }

    /** Shows this member to those who look around here; null if no port is free. */
    @Nullable Beacon light(Supplier<Standing> standing) {
        InetAddress bind = control.getAddress();
        return Beacon.light(
                bind,
                beacons.getFirst().getPort(),
                () ->
                        new Sighting(
                                config.nameHash(),
                                self.id(),
                                self.isServer(),
                                control.getPort(),
                                standing.get()));
    }

    /** Whether there may be members on other machines that nobody has named. */
    boolean isBeyondThisMachine() {
        return !control.getAddress().isLoopbackAddress() && config.peers().isEmpty();
    }

    /** Where the servers of this mesh are on this machine. */
    List<InetSocketAddress> servers() {
        return lookAround().stream()
                .map(LocalElection.Rival::sighting)
                .filter(Sighting::isServer)
                .map(this::control)
                .toList();
    }

    /** Shows this member on the local network; null where there is none. */
    @Nullable LocalNetwork hail(Consumer<InetSocketAddress> found) {
        return isBeyondThisMachine()
                ? LocalNetwork.open(control, config.nameHash(), self.id(), found)
                : null;
    }

    /** This member's rank among those who could found a mesh. */
    int rank(int beaconPort) {
        return LocalElection.rank(beaconPort, self.isServer());
    }

    /** The other members of this mesh that have a beacon on this machine. */
    List<LocalElection.Rival> lookAround() {
        List<LocalElection.Rival> seen = new ArrayList<>();
        for (Map.Entry<InetSocketAddress, ByteBuffer> answer :
                Probe.ask(beacons, Sighting.BYTES, BEACON_PATIENCE).entrySet()) {
            Sighting.decode(answer.getValue())
                    .filter(this::mayBeOurs)
                    .map(s -> new LocalElection.Rival(answer.getKey().getPort(), s))
                    .ifPresent(seen::add);
        }
        return seen;
    }

    private boolean mayBeOurs(Sighting sighting) {
        return sighting.nameHash() == config.nameHash()
                && !sighting.member().equals(self.id())
                && !strayed.isLeftOut(control(sighting), System.nanoTime());
    }

    /** The control address of a member seen here. */
    InetSocketAddress control(Sighting sighting) {
        return new InetSocketAddress(control.getAddress(), sighting.port());
    }

    /** Whether none of those seen has turned out to be one of us. */
    boolean areLeftOut(List<Sighting> seen) {
        long now = System.nanoTime();
        return seen.stream().allMatch(each -> strayed.isLeftOut(control(each), now));
    }

    /** Where the peers named are now, all of them. */
    Set<InetSocketAddress> peers() {
        Set<InetSocketAddress> peers = names.look();
        peers.remove(control);
        return peers;
    }

    /** Those of these addresses where a member of this mesh is. */
    static Set<InetSocketAddress> reachable(
            Collection<InetSocketAddress> addresses,
            Function<InetSocketAddress, CompletableFuture<Boolean>> reach) {
        Map<InetSocketAddress, CompletableFuture<Boolean>> asked = new HashMap<>();
        addresses.forEach(each -> asked.put(each, reach.apply(each)));
        long deadline = System.nanoTime() + PEER_PATIENCE.toNanos();
        Set<InetSocketAddress> reachable = new HashSet<>();
        asked.forEach(
                (address, answer) -> {
                    if (isTrueBy(deadline, answer)) {
                        reachable.add(address);
                    }
                });
        return reachable;
    }

    private static boolean isTrueBy(long deadline, CompletableFuture<Boolean> answer) {
        try {
            long left = Math.max(0, deadline - System.nanoTime());
            return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
