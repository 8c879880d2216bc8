package io.tuli.node;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.access.Access;
import io.tuli.access.Revoked;
import io.tuli.access.Rules;
import io.tuli.agreement.RestartRule;
import io.tuli.membership.MembershipConfig;
import io.tuli.membership.MembershipTimings;
import io.tuli.pipe.Tunnels;
import io.tuli.protocol.Durations;
import io.tuli.secret.Credentials;
import io.tuli.secret.Identity;
import io.tuli.secret.IdentityFiles;
import io.tuli.secret.Keyring;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.Token;
import io.tuli.settings.AccessSettings;
import io.tuli.settings.DiskSettings;
import io.tuli.settings.KnownSettings;
import io.tuli.settings.Setting;
import io.tuli.settings.Settings;
import io.tuli.settings.TunnelSettings;
import io.tuli.socket.Backoff;
import io.tuli.socket.PeerNames;
import io.tuli.staging.JournalDirectory;
import io.tuli.transport.LinkTimes;
import io.tuli.transport.TransportConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings in the words of the parts they are for. */
final class MemberSetting {

    /** What messages through tunnels may take before they are whole, where it is not said. */
    private static final int GATHERED_PART_OF_HEAP = 4;

    private final Settings settings;
    private final Limits limits;
    private final InetAddress address;
    private final @Nullable IdentityFiles identity;
    private final Role role;
    private final Keyring keyring;
    private final @Nullable LifeKey life;
    private final Access access;
    private final Member self;
    private final @Nullable JournalDirectory directory;

    MemberSetting(Settings settings, Member.Role role, Limits limits) {
        this.settings = settings;
        this.limits = limits;
        this.address = address(value(KnownSettings.BIND));
        this.identity = settings.identity().orElse(null);
        this.role = role(role);
        this.access = rules();
        this.keyring = keyring();
        this.life = keyring.current().areAny() ? LifeKey.make() : null;
        SecureRandom random = new SecureRandom();
        long incarnation =
                life == null ? 1 + (random.nextLong() >>> 1) : LifeKey.incarnation(life.point());
        Optional<Long> said = value(KnownSettings.NODE_ID);
        this.directory = directory(role, said.orElse(null));
        long node = directory != null ? directory.node() : said.orElseGet(random::nextLong);
        this.self =
                new Member(
                        new MemberId(node, incarnation),
                        name(incarnation),
                        role,
                        hostOf(address),
                        role == Member.Role.SERVER ? value(KnownSettings.PORT) : 0);
    }

    private <T> T value(Setting<T> setting) {
        return settings.value(setting);
    }

    /** Where its journal is; null for none, as at a client. */
    @Nullable JournalDirectory directory() {
        return directory;
    }

    private @Nullable JournalDirectory directory(Member.Role role, @Nullable Long node) {
        String path = value(DiskSettings.DATA_DIR);
        return path.isEmpty() || role != Member.Role.SERVER
                ? null
                : JournalDirectory.open(Path.of(path), value(KnownSettings.MESH), node);
    }

    /** What its journal may take. */
    MemberJournal.Bounds journal() {
        return new MemberJournal.Bounds(
                value(DiskSettings.JOURNAL_SEGMENT),
                value(DiskSettings.JOURNAL_BYTES).orElse(0L),
                value(DiskSettings.DISK_RESERVE),
                value(DiskSettings.DISK_SLOW),
                value(DiskSettings.DISK_STUCK));
    }

    /** When its durable services go on after a restart of all. */
    RestartRule restart() {
        return new RestartRule(
                value(DiskSettings.RESTART_NEED),
                Durations.nanos(value(DiskSettings.RESTART_WAIT)),
                Math.max(1, value(DiskSettings.MEMBERS_EXPECTED)));
    }

    Limits limits() {
        return limits;
    }

    Duration drain() {
        return value(KnownSettings.CLOSE_DRAIN);
    }

    Duration handlerSlow() {
        return value(KnownSettings.HANDLER_SLOW);
    }

    Duration loopStuck() {
        return value(KnownSettings.LOOP_STUCK);
    }

    Duration streamIdle() {
        return value(KnownSettings.STREAM_IDLE);
    }

    /** What tunnels may take. */
    Tunnels.Bounds tunnels() {
        long part = Runtime.getRuntime().maxMemory() / GATHERED_PART_OF_HEAP;
        return new Tunnels.Bounds(
                value(TunnelSettings.MAX),
                value(TunnelSettings.WINDOW),
                value(TunnelSettings.WINDOWS),
                value(TunnelSettings.MESSAGE),
                value(TunnelSettings.GATHERED).orElse(part),
                value(TunnelSettings.LASTS));
    }

    private String name(long incarnation) {
        String given = value(KnownSettings.NAME);
        String group = value(KnownSettings.GROUP);
        String name = given.isEmpty() ? nameOfProcess(incarnation) : given;
        return group.isEmpty() ? name : group + "/" + name;
    }

    private static String nameOfProcess(long incarnation) {
        String some = Long.toHexString(incarnation & 0xfff);
        return "pid" + ProcessHandle.current().pid() + "-" + some;
    }

    // ---- addresses -----------------------------------------------------------------------------

    private static InetAddress address(String bind) {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException unknown) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "bind must be an address of this machine: bind=" + bind);
        }
    }

    /** How others reach this machine. */
    private static String hostOf(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    ? outermost().getHostAddress()
                    : address.getHostAddress();
        } catch (UnknownHostException | SocketException nameless) {
            return address.getHostAddress();
        }
    }

    /**
     * Of this machine's addresses the one for others: its name often stands for loopback alone.
     * Before IPv6 comes IPv4, because peers may have no other.
     */
    private static InetAddress outermost() throws UnknownHostException, SocketException {
        InetAddress named = InetAddress.getLocalHost();
        if (!named.isLoopbackAddress()) {
            return named;
        }
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                .min(Comparator.comparingInt(each -> each.getAddress().length))
                .orElse(named);
    }

    // ---- links ---------------------------------------------------------------------------------

    TransportConfig transport() {
        String mesh = value(KnownSettings.MESH);
        int loops = value(KnownSettings.LOOPS);
        TransportConfig config =
                TransportConfig.of(mesh, self, accepting())
                        .limits(limits)
                        .keyring(keyring)
                        .life(life)
                        .role(role)
                        .access(access)
                        .insecure(value(KnownSettings.INSECURE))
                        .sameHost(value(KnownSettings.SAME_HOST))
                        .spin(value(KnownSettings.LOOP_SPIN))
                        .times(
                                new LinkTimes(
                                        value(KnownSettings.LINK_KEEP_ALIVE),
                                        value(KnownSettings.LINK_SILENCE),
                                        value(KnownSettings.LINK_STUCK),
                                        value(KnownSettings.LINK_CONNECT)))
                        .backoff(
                                new Backoff(
                                        value(KnownSettings.BACKOFF_BASE),
                                        value(KnownSettings.BACKOFF_CAP),
                                        value(KnownSettings.BACKOFF_JITTER)));
        return loops == 0 ? config : config.loops(loops);
    }

    /** A client that says nothing is what its certificate says, if it has one. */
    private Role role(Member.Role inMesh) {
        Optional<Role> said = value(KnownSettings.ROLE);
        if (inMesh == Member.Role.SERVER && !value(AccessSettings.TOKEN_FILE).isEmpty()) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a token is for clients, and this member serves: give it the secret,"
                            + " token.file="
                            + value(AccessSettings.TOKEN_FILE));
        }
        if (inMesh == Member.Role.SERVER) {
            if (said.isPresent()) {
                throw new TuliException(
                        Failure.BAD_REQUEST,
                        "role is for clients, and this member serves: role=" + said.get().text());
            }
            return Role.SERVER;
        }
        Optional<Token> token = settings.token();
        if (token.isPresent()) {
            return ofToken(token.get().claims(), said);
        }
        Role proven = identity == null ? Role.CLIENT : identity.read().subject().role();
        return said.orElse(proven == Role.SERVER ? Role.CLIENT : proven);
    }

    private static Role ofToken(Token.Claims claims, Optional<Role> said) {
        Role role = said.orElse(claims.role());
        if (!claims.role().covers(role)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a token must be for the role of its member: role="
                            + role.text()
                            + ", it is for "
                            + claims.role().text()
                            + " "
                            + claims.id()
                            + "; have another made");
        }
        return role;
    }

    /** Of what is said, or in files, which are looked at as long as we live. */
    private Keyring keyring() {
        boolean isInFiles =
                identity != null
                        || !value(KnownSettings.SECRET_FILE).isEmpty()
                        || !value(AccessSettings.TOKEN_FILE).isEmpty()
                        || !value(AccessSettings.TOKENS_REVOKED).isEmpty();
        return isInFiles
                ? Keyring.watched(
                        this::credentials,
                        value(KnownSettings.FILES_LOOK),
                        value(KnownSettings.LINK_RENEW))
                : Keyring.fixed(credentials());
    }

    private Set<String> revoked() {
        String file = value(AccessSettings.TOKENS_REVOKED);
        return file.isEmpty() || role != Role.SERVER ? Set.of() : Revoked.read(Path.of(file));
    }

    /** Only who serves has something to let others do. */
    private Access rules() {
        String file = value(AccessSettings.ACCESS_RULES);
        return file.isEmpty() || role != Role.SERVER
                ? Access.open()
                : Access.watched(() -> Rules.read(Path.of(file)), value(KnownSettings.FILES_LOOK));
    }

    Access access() {
        return access;
    }

    private Credentials credentials() {
        Optional<Token> token = settings.token();
        if (token.isPresent()) {
            ofToken(token.get().claims(), Optional.of(role));
            return Credentials.of(token.get());
        }
        String mesh = value(KnownSettings.MESH);
        Identity own = identity == null ? null : identity.read();
        if (own != null) {
            own.requireRole(role);
        }
        try {
            List<Secret> secrets =
                    settings.secrets().stream().map(text -> Secret.of(text, mesh)).toList();
            Credentials strongest = Credentials.of(secrets, own).revoking(revoked());
            return value(KnownSettings.AUTH_REQUIRE).map(strongest::demanding).orElse(strongest);
        } catch (IllegalArgumentException unfit) {
            throw new TuliException(Failure.BAD_REQUEST, String.valueOf(unfit.getMessage()));
        }
    }

    /** A client takes no connections. */
    private @Nullable InetSocketAddress accepting() {
        return self.isServer() ? new InetSocketAddress(address, self.port()) : null;
    }

    // ---- membership ----------------------------------------------------------------------------

    MembershipConfig membership() {
        List<InetSocketAddress> peers =
                value(KnownSettings.PEERS).stream().map(PeerNames::named).toList();
        return MembershipConfig.of(value(KnownSettings.MESH))
                .bind(address)
                .peers(peers)
                .timings(timings());
    }

    MembershipTimings timings() {
        return new MembershipTimings(
                value(KnownSettings.MEMBERSHIP_JOIN),
                value(KnownSettings.MEMBERSHIP_JOIN_MAX),
                value(KnownSettings.MEMBERSHIP_LEAVE),
                value(KnownSettings.MEMBERSHIP_HEARTBEAT),
                value(KnownSettings.MEMBERSHIP_SILENCE),
                value(KnownSettings.MEMBERSHIP_VERIFY),
                value(KnownSettings.MEMBERSHIP_MERGE_MIN),
                value(KnownSettings.MEMBERSHIP_MERGE_MAX),
                value(KnownSettings.MEMBERSHIP_REPEAT),
                value(KnownSettings.MEMBERSHIP_ASK),
                value(KnownSettings.MEMBERSHIP_CONFIRM));
    }
}
