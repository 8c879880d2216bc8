package io.tuli.membership;

import io.tuli.Member;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for other members: by their beacons on this machine, and at the addresses of the peers that
 * the user named. Blocks, at most a moment; used by one thread at a time.
 */
final class Neighbourhood {

    private static final Logger LOG = LoggerFactory.getLogger(Neighbourhood.class);

    /** What accepts a connection on this machine and then says nothing is another program. */
    private static final Duration BEACON_PATIENCE = Duration.ofMillis(250);

    private static final Duration PEER_PATIENCE = Duration.ofMillis(500);

    private final MembershipConfig config;
    private final MeshKey key;
    private final InetAddress bind;
    private final Member self;
    private final List<InetSocketAddress> beacons;
    private final AtomicBoolean hasMetStrangers;

    Neighbourhood(
            MembershipConfig config,
            MeshKey key,
            InetAddress bind,
            Member self,
            AtomicBoolean hasMetStrangers) {
        this.config = config;
        this.key = key;
        this.bind = bind;
        this.self = self;
        this.hasMetStrangers = hasMetStrangers;
        int first = Beacon.firstPort(key.nameHash());
        List<InetSocketAddress> ports = new ArrayList<>();
        for (int port = first; port < first + Beacon.PORTS; port++) {
            ports.add(new InetSocketAddress(bind, port));
        }
        this.beacons = List.copyOf(ports);
    }

    /** Shows this member to those who look around here; null if no port is free. */
    @Nullable Beacon light(int controlPort, Supplier<Standing> standing) {
        return Beacon.light(
                bind,
                beacons.getFirst().getPort(),
                () ->
                        new Sighting(
                                key.nameHash(),
                                key.secretHash(),
                                self.id(),
                                self.isServer(),
                                controlPort,
                                standing.get()));
    }

    /** This member's rank among those who could found a mesh. */
    int rank(int beaconPort) {
        return LocalElection.rank(beaconPort, self.isServer());
    }

    /** The other members of this mesh that have a beacon on this machine. */
    List<LocalElection.Rival> lookAround() {
        List<LocalElection.Rival> seen = new ArrayList<>();
        Probe.ask(beacons, Sighting.BYTES, BEACON_PATIENCE)
                .forEach(
                        (address, answer) ->
                                Sighting.decode(answer)
                                        .filter(this::isOurs)
                                        .map(s -> new LocalElection.Rival(address.getPort(), s))
                                        .ifPresent(seen::add));
        return seen;
    }

    private boolean isOurs(Sighting sighting) {
        if (sighting.nameHash() != key.nameHash() || sighting.member().equals(self.id())) {
            return false;
        }
        boolean isStranger = sighting.secretHash() != key.secretHash();
        if (isStranger && !hasMetStrangers.getAndSet(true) && self.isServer()) {
            LOG.warn(
                    "a member of mesh {} on this machine has another secret, or none: member={};"
                            + " it is not met",
                    config.mesh(),
                    sighting.member());
        }
        return !isStranger;
    }

    /** The control address of a member seen here. */
    InetSocketAddress control(Sighting sighting) {
        return new InetSocketAddress(bind, sighting.controlPort());
    }

    /** The control addresses of the peers named; names are resolved anew each time. */
    List<InetSocketAddress> peers() {
        return config.peers().stream()
                .map(
                        peer ->
                                new InetSocketAddress(
                                        peer.getHostString(),
                                        MembershipConfig.controlPort(peer.getPort())))
                .toList();
    }

    /** Those of these addresses where somebody listens. */
    Set<InetSocketAddress> reachable(Collection<InetSocketAddress> addresses) {
        if (addresses.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(Probe.ask(addresses, 0, PEER_PATIENCE).keySet());
    }
}
