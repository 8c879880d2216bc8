package io.tuli.node;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.Require;
import io.tuli.TuliException;
import io.tuli.membership.MembershipConfig;
import io.tuli.transport.Secret;
import io.tuli.transport.TransportConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to join a mesh. Not thread-safe; every method but {@link #join()} answers this builder.
 *
 * <p>What is said here wins over settings given, those over system properties, those over the
 * environment.
 */
public final class MeshBuilder {

    /** How long a close waits for others to take over. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    final String mesh;
    final List<String> peers = new ArrayList<>();
    final Map<String, String> settings = new LinkedHashMap<>();
    Member.Role role = Member.Role.SERVER;
    @Nullable String name;
    @Nullable Long nodeId;
    String group = "";
    @Nullable String bind;
    @Nullable Integer port;
    @Nullable String secret;
    @Nullable Boolean insecure;
    @Nullable Limits limits;
    @Nullable Integer loops;

    MeshBuilder(String mesh) {
        Require.argument(
                mesh.matches("[A-Za-z0-9_.-]{1,100}"),
                "a mesh name is [A-Za-z0-9_.-]{1,100}",
                mesh);
        this.mesh = mesh;
    }

    /** Owns nothing; sends straight to owners and holds live replicas. */
    public MeshBuilder client() {
        role = Member.Role.CLIENT;
        return this;
    }

    /** A name for people; host and process unless said. */
    public MeshBuilder name(String forPeople) {
        name = forPeople;
        return this;
    }

    /**
     * An identity that survives restarts, so that a member which comes back gets its old share;
     * random unless said.
     */
    public MeshBuilder nodeId(long stable) {
        nodeId = stable;
        return this;
    }

    /**
     * Labels this member, as in {@code client().group("monitor")}: seen by all, decides nothing.
     */
    public MeshBuilder group(String label) {
        group = label;
        return this;
    }

    /**
     * The address to listen on; loopback unless said. Any other needs a secret, TLS or {@link
     * #insecure()}.
     */
    public MeshBuilder bind(String host) {
        bind = host;
        return this;
    }

    /** The data port; any free one unless said. */
    public MeshBuilder port(int number) {
        port = number;
        return this;
    }

    /** Where others are found, {@code host:port} each. On one machine nothing need be said. */
    public MeshBuilder peers(String... addresses) {
        peers.addAll(List.of(addresses));
        return this;
    }

    /** What all members of the mesh know and strangers do not. */
    public MeshBuilder secret(String shared) {
        secret = shared;
        return this;
    }

    /** Accepts that anyone who reaches the address can join; a warning is logged. */
    public MeshBuilder insecure() {
        insecure = true;
        return this;
    }

    public MeshBuilder limits(Limits other) {
        limits = other;
        return this;
    }

    /** Event loops, one thread each; half as many as processors unless said. */
    public MeshBuilder loops(int threads) {
        Require.argument(threads >= 1 && threads <= 64, "loops must be 1..64", threads);
        loops = threads;
        return this;
    }

    /**
     * Settings by name, as in {@code docs/tuning.md}; an unknown one fails the join, naming the
     * nearest.
     */
    public MeshBuilder settings(Map<String, String> byName) {
        settings.putAll(byName);
        return this;
    }

    /**
     * Joins. Blocks until this member sees who is there.
     *
     * @throws io.tuli.TuliException NOT_AUTHORISED, UNAVAILABLE or BAD_REQUEST when it cannot
     */
    public Mesh join() {
        Member self = self();
        InetAddress address = address();
        TransportConfig transport = transport(self, address);
        return new Joining(transport).join(DRAIN, membership(address));
    }

    private Member self() {
        SecureRandom random = new SecureRandom();
        long incarnation = 1 + (random.nextLong() >>> 1);
        long node = nodeId == null ? random.nextLong() : nodeId;
        String label = group.isEmpty() ? "" : group + "/";
        String called = name == null ? "tuli-" + Long.toHexString(incarnation >>> 32) : name;
        String host = hostOf(address());
        int fixed = port == null ? 0 : port;
        return new Member(new MemberId(node, incarnation), label + called, role, host, fixed);
    }

    private InetAddress address() {
        try {
            return bind == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(bind);
        } catch (UnknownHostException unknown) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "an address to bind must be one of this machine: " + bind);
        }
    }

    /** How others reach this machine. */
    private static String hostOf(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    ? InetAddress.getLocalHost().getHostAddress()
                    : address.getHostAddress();
        } catch (UnknownHostException nameless) {
            return address.getHostAddress();
        }
    }

    private TransportConfig transport(Member self, InetAddress address) {
        InetSocketAddress accept =
                self.isServer() ? new InetSocketAddress(address, self.port()) : null;
        TransportConfig config =
                TransportConfig.of(mesh, self, accept)
                        .limits(limits == null ? Limits.defaults() : limits)
                        .secret(secret == null ? null : Secret.of(secret))
                        .insecure(insecure != null && insecure);
        return loops == null ? config : config.loops(loops);
    }

    private MembershipConfig membership(InetAddress address) {
        MembershipConfig config =
                MembershipConfig.of(mesh)
                        .bind(address, insecure != null && insecure)
                        .peers(peers.stream().map(MeshBuilder::peer).toList());
        config = secret == null ? config : config.secret(secret);
        return port == null || port == 0 ? config : config.portFixed();
    }

    private static InetSocketAddress peer(String text) {
        int colon = text.lastIndexOf(':');
        Require.argument(
                colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}"),
                "a peer is host:port",
                text);
        return InetSocketAddress.createUnresolved(
                text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
}
