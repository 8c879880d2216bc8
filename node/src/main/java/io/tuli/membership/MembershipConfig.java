package io.tuli.membership;

import io.tuli.error.Require;
import io.tuli.secret.Hmac;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How one member takes part in the membership of one mesh. Immutable; each method answers a changed
 * copy.
 *
 * <p>Members are reached by the ports of their transports. A second port, one of 64 that follow
 * from the mesh's name, answers who is here (see {@code Beacon}); it is bound in addition, on the
 * same address, if one is free.
 *
 * @param mesh its name; members of meshes with other names are never met
 * @param bind the address to listen on; the wildcard stands for the host in the member's own
 *     address
 * @param peers addresses of other members, also unresolved, as {@link io.tuli.socket.PeerNames}
 *     takes them; asked in addition to this machine and, if none are given on an address that is
 *     not loopback, to the local network by multicast
 * @param timings how patient it is
 */
public record MembershipConfig(
        String mesh, InetAddress bind, List<InetSocketAddress> peers, MembershipTimings timings) {

    private static final int PEERS_MAX = 256;

    public MembershipConfig {
        Require.argument(
                mesh.matches("[A-Za-z0-9_.-]{1,100}"),
                "a mesh name is [A-Za-z0-9_.-]{1,100}",
                mesh);
        Require.argument(peers.size() <= PEERS_MAX, "at most 256 peers", peers.size());
        peers = List.copyOf(peers);
    }

    /** Of this machine alone, without any configuration. */
    public static MembershipConfig of(String mesh) {
        return new MembershipConfig(
                mesh, InetAddress.getLoopbackAddress(), List.of(), MembershipTimings.defaults());
    }

    /** Equal for meshes of one name: what is said of it in clear. */
    long nameHash() {
        byte[] name = ("tuli mesh " + mesh).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Hmac.sha256(name)).getLong();
    }

    /** Listens elsewhere. */
    public MembershipConfig bind(InetAddress address) {
        return new MembershipConfig(mesh, address, peers, timings);
    }

    public MembershipConfig peers(List<InetSocketAddress> others) {
        return new MembershipConfig(mesh, bind, others, timings);
    }

    public MembershipConfig timings(MembershipTimings others) {
        return new MembershipConfig(mesh, bind, peers, others);
    }
}
