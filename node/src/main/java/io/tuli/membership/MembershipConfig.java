package io.tuli.membership;

import io.tuli.error.Require;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * How one member takes part in the membership of one mesh. Immutable; each method answers a changed
 * copy.
 *
 * <p><b>Ports.</b> A user knows one port per member, its data port P. The control channel listens
 * on {@link #controlPort} of it: P + 1000 (P - 1000 above 64535). So {@code --port P} fixes both,
 * and {@code --peers host:P} names both. A member whose data port was not fixed takes any free port
 * where that one is taken. A third port, one of 64 that follow from the mesh's name, answers who is
 * here (see {@code Beacon}); it is bound in addition, on the same address, if one is free.
 *
 * @param mesh its name; members of meshes with other names are never met
 * @param bind the address to listen on; the wildcard stands for the host in the member's own
 *     address
 * @param isPortFixed whether the member's data port was chosen by the user, so that the control
 *     port that follows from it must be free; otherwise another is taken
 * @param peers data addresses of other members, also unresolved; asked in addition to this machine
 *     and, if none are given on an address that is not loopback, to the local network by multicast
 * @param secret shared by all members; empty for none. With one, everything but the question "who
 *     is here" is encrypted and authenticated
 * @param isInsecure accepts an address that is not loopback without a secret
 * @param timings how patient it is
 */
public record MembershipConfig(
        String mesh,
        InetAddress bind,
        boolean isPortFixed,
        List<InetSocketAddress> peers,
        String secret,
        boolean isInsecure,
        MembershipTimings timings) {

    private static final int CONTROL_PORT_DISTANCE = 1000;
    private static final int PEERS_MAX = 256;

    public MembershipConfig {
        Require.argument(
                mesh.matches("[A-Za-z0-9_.-]{1,100}"),
                "a mesh name is [A-Za-z0-9_.-]{1,100}",
                mesh);
        Require.argument(peers.size() <= PEERS_MAX, "at most 256 peers", peers.size());
        peers = List.copyOf(peers);
        Require.argument(
                bind.isLoopbackAddress() || isInsecure || !secret.isEmpty(),
                "without a secret a mesh binds loopback addresses only; give a secret, or accept"
                        + " with insecure that anyone who reaches the address can join",
                bind.getHostAddress());
    }

    /** Of this machine alone, without any configuration. */
    public static MembershipConfig of(String mesh) {
        return new MembershipConfig(
                mesh,
                InetAddress.getLoopbackAddress(),
                false,
                List.of(),
                "",
                false,
                MembershipTimings.defaults());
    }

    /** The port of the control channel of a member with this data port; 0 for any. */
    public static int controlPort(int dataPort) {
        if (dataPort == 0) {
            return 0;
        }
        int up = dataPort + CONTROL_PORT_DISTANCE;
        return up <= 65_535 ? up : dataPort - CONTROL_PORT_DISTANCE;
    }

    /** Listens elsewhere. */
    public MembershipConfig bind(InetAddress address, boolean isInsecureAccepted) {
        return new MembershipConfig(
                mesh, address, isPortFixed, peers, secret, isInsecureAccepted, timings);
    }

    /** The member's data port was chosen by the user. */
    public MembershipConfig portFixed() {
        return new MembershipConfig(mesh, bind, true, peers, secret, isInsecure, timings);
    }

    public MembershipConfig peers(List<InetSocketAddress> others) {
        return new MembershipConfig(mesh, bind, isPortFixed, others, secret, isInsecure, timings);
    }

    public MembershipConfig secret(String shared) {
        return new MembershipConfig(mesh, bind, isPortFixed, peers, shared, isInsecure, timings);
    }

    public MembershipConfig timings(MembershipTimings others) {
        return new MembershipConfig(mesh, bind, isPortFixed, peers, secret, isInsecure, others);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "mesh %s on %s, peers %s, %s"
                .formatted(
                        mesh, bind.getHostAddress(), peers, secret.isEmpty() ? "open" : "secret");
    }
}
