package io.tuli.transport;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.TuliException;
import io.tuli.access.Access;
import io.tuli.error.Require;
import io.tuli.handshake.Hello;
import io.tuli.secret.Credentials;
import io.tuli.secret.Keyring;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.socket.Backoff;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a transport must know. Immutable; each method with an argument answers a changed copy.
 *
 * @param mesh name of the mesh, at most 64 bytes: only members of the same name link
 * @param self this member as it presents itself; a port of 0 is replaced by the one bound
 * @param role what it wants to be: a server, or which kind of client
 * @param bind where to accept links, port 0 for a free one; null to accept none
 * @param limits the member's limits: message, outbox, handshake
 * @param keyring what members prove that they belong here with
 * @param life the key of this life, of which the member's incarnation is the fingerprint; null
 *     where nothing is proven
 * @param insecure whether other machines may connect though there is no secret
 * @param sameHost whether members of this machine are linked by Unix-domain sockets
 * @param loops event loops, each a thread; partitions are pinned to them
 * @param spin how long a loop with traffic spins for more before it sleeps; zero for not at all
 * @param times when a link counts as alive
 * @param backoff how to dial again
 * @param access who may do what with services
 */
public record TransportConfig(
        String mesh,
        Member self,
        Role role,
        @Nullable InetSocketAddress bind,
        Limits limits,
        Keyring keyring,
        @Nullable LifeKey life,
        boolean insecure,
        boolean sameHost,
        int loops,
        Duration spin,
        LinkTimes times,
        Backoff backoff,
        Access access) {

    private static final int LOOPS_MAX = 256;
    private static final Duration SPIN = Duration.of(50, ChronoUnit.MICROS);
    private static final Duration SPIN_MAX = Duration.ofMillis(10);

    public TransportConfig {
        requireFits("mesh name", mesh, Hello.MESH_BYTES);
        requireFits("member name", self.name(), Hello.NAME_BYTES);
        requireFits("member host", self.host(), Hello.HOST_BYTES);
        Require.argument(
                role.inMesh() == self.role(), "a server is a server, and nobody else", role);
        Require.argument(loops >= 1 && loops <= LOOPS_MAX, "loops must be 1..256", loops);
        Require.argument(
                !spin.isNegative() && spin.compareTo(SPIN_MAX) <= 0,
                "loop.spin must be at most 10ms",
                spin);
        Require.argument(
                limits.handshakeBytes() >= Hello.BYTES_MAX,
                "handshake.bytes must be >= " + Hello.BYTES_MAX,
                limits.handshakeBytes());
    }

    /** With defaults: no secret, half as many loops as there are processors. */
    public static TransportConfig of(String mesh, Member self, @Nullable InetSocketAddress bind) {
        return new TransportConfig(
                mesh,
                self,
                Role.of(self.role()),
                bind,
                Limits.defaults(),
                Keyring.fixed(Credentials.NONE),
                null,
                false,
                true,
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                SPIN,
                LinkTimes.defaults(),
                Backoff.defaults(),
                Access.open());
    }

    private static void requireFits(String what, String text, int bytesMax) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        Require.argument(
                bytes <= bytesMax && text.indexOf(0) < 0,
                "a " + what + " must have <= " + bytesMax + " bytes and no NUL, it has",
                bytes);
    }

    /** Refuses to be reachable from other machines by accident. */
    void requireSafe() {
        if (isOpen() && !insecure && bind != null) {
            String rule =
                    keyring.current().areAny()
                            ? "with auth.require=open only loopback addresses may be bound: bind="
                            : "without a secret only loopback addresses may be bound: bind=";
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    rule
                            + bind.getHostString()
                            + "; give a secret, bind 127.0.0.1, or allow it with `insecure`");
        }
    }

    /** Whether anybody who reaches the address may join. */
    boolean isOpen() {
        return bind != null && !isLoopback(bind) && keyring.current().isOpen();
    }

    private static boolean isLoopback(InetSocketAddress address) {
        return address.getAddress() != null && address.getAddress().isLoopbackAddress();
    }

    /** Which kind of client it is, if it is one. */
    public TransportConfig role(Role other) {
        return new TransportConfig(
                mesh, self, other, bind, limits, keyring, life, insecure, sameHost, loops, spin,
                times, backoff, access);
    }

    public TransportConfig limits(Limits other) {
        return new TransportConfig(
                mesh, self, role, bind, other, keyring, life, insecure, sameHost, loops, spin,
                times, backoff, access);
    }

    /** One that stays what it is; null for none. */
    public TransportConfig secret(@Nullable Secret other) {
        return keyring(Keyring.fixed(Credentials.of(other)));
    }

    public TransportConfig keyring(Keyring other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, other, life, insecure, sameHost, loops, spin, times,
                backoff, access);
    }

    public TransportConfig life(@Nullable LifeKey other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, other, insecure, sameHost, loops, spin,
                times, backoff, access);
    }

    /** Lets anybody in who can reach the address; each start warns of it. */
    public TransportConfig insecure(boolean other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, other, sameHost, loops, spin, times,
                backoff, access);
    }

    /** A certificate is shown in TLS, and there is none on Unix-domain sockets. */
    boolean meetsAtDoors() {
        return sameHost && keyring.current().identity() == null;
    }

    /** Whether members of this machine are linked by Unix-domain sockets where that can be. */
    public TransportConfig sameHost(boolean other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, insecure, other, loops, spin, times,
                backoff, access);
    }

    public TransportConfig loops(int other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, insecure, sameHost, other, spin,
                times, backoff, access);
    }

    /** At most 10 ms; see {@link io.tuli.spin.LoopIo}. */
    public TransportConfig spin(Duration other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, insecure, sameHost, loops, other,
                times, backoff, access);
    }

    public TransportConfig times(LinkTimes other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, insecure, sameHost, loops, spin,
                other, backoff, access);
    }

    public TransportConfig backoff(Backoff other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, insecure, sameHost, loops, spin,
                times, other, access);
    }

    public TransportConfig access(Access other) {
        return new TransportConfig(
                mesh, self, role, bind, limits, keyring, life, insecure, sameHost, loops, spin,
                times, backoff, other);
    }
}
