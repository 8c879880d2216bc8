package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.error.Require;
import io.tuli.handshake.Challenge;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Hello;
import io.tuli.handshake.Judge;
import io.tuli.handshake.Purpose;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.handshake.Tls;
import io.tuli.handshake.Transcript;
import io.tuli.handshake.WireVersions;
import io.tuli.secret.Hmac;
import io.tuli.secret.Identity;
import io.tuli.secret.Keyring;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.Token;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Presents this member, and judges how others present themselves. Any thread.
 *
 * <p>Each side proves that it knows the secret by signing the {@link Transcript} with a key of its
 * direction, the dialing one first: a proof fits one handshake and one direction, and whoever dials
 * without the secret gets nothing to guess at.
 */
final class Greeter {

    /** Features of this release, a bit each; none yet. */
    private static final long FEATURES = 0;

    static final MemberId ANYBODY = new MemberId(0, 0);

    private static final String ITSELF = "a member must not dial itself: ";

    private final SecureRandom random = new SecureRandom();
    private final String mesh;
    private final byte[] meshHash;
    private final Keyring keyring;
    private final Judge judge;
    private final @Nullable LifeKey life;
    private final Role role;
    private final WireVersions versions;
    private final int messageBytes;
    private volatile Member self;
    private volatile int boundPort;

    Greeter(TransportConfig config, WireVersions versions) {
        this.mesh = config.mesh();
        this.meshHash = Hmac.sha256(mesh.getBytes(StandardCharsets.UTF_8));
        this.keyring = config.keyring();
        this.judge = new Judge(keyring, mesh);
        this.life = config.life();
        this.role = config.role();
        this.versions = versions;
        this.messageBytes = config.limits().messageBytes();
        this.self = config.self();
        this.boundPort = self.port();
    }

    /** Whether this member proves anything, so that its links are encrypted. */
    boolean hasCredentials() {
        return keyring.current().areAny();
    }

    Member self() {
        return self;
    }

    void selfChanged(Member member) {
        Require.argument(member.id().equals(self.id()), "a member keeps its id", member.id());
        self = member;
    }

    /** Where this member accepts connections: a client those of the membership only. */
    void bound(int port) {
        boundPort = port;
        Member before = self;
        if (before.isServer() && before.port() == 0) {
            self = new Member(before.id(), before.name(), before.role(), before.host(), boundPort);
        }
    }

    /** Whether who proves nothing is let in, and dialed. */
    boolean isOpen() {
        return keyring.current().isOpen();
    }

    /** What the dialling side says first, when it wants a link. */
    Hello hello(MemberId wanted) {
        return hello(wanted, Purpose.DATA, hasCredentials());
    }

    /**
     * What the dialling side says first.
     *
     * @param authenticates whether it is going to prove that it belongs here
     */
    Hello hello(MemberId wanted, Purpose purpose, boolean authenticates) {
        return present(versions, wanted, purpose, authenticates);
    }

    /**
     * What the accepting side answers.
     *
     * @throws Refused when the other does not belong here
     */
    Challenge challenge(Hello theirs) {
        int version = requireOurs(theirs);
        requireCredentials(theirs);
        boolean isMeant = theirs.wanted().equals(self.id()) || theirs.wanted().equals(ANYBODY);
        if (!isMeant) {
            throw new Refused(
                    Refusal.UNEXPECTED_MEMBER,
                    "another member was here before: wanted=" + theirs.wanted() + " here=" + self);
        }
        if (theirs.purpose() == Purpose.CONTROL && theirs.role() != Role.SERVER) {
            throw new Refused(
                    Refusal.FEATURE,
                    "the membership's connections are between servers: role="
                            + theirs.role().text());
        }
        if (theirs.purpose() == Purpose.DATA && !self.isServer()) {
            throw new Refused(Refusal.FEATURE, "a client takes no links: here=" + self);
        }
        return new Challenge(version, Tls.canExport(), nonce());
    }

    /** What the accepting side says at last, of itself. */
    Hello welcome(Hello theirs, int version) {
        WireVersions chosen = new WireVersions(version, version);
        return present(chosen, theirs.self().id(), theirs.purpose(), theirs.authenticates());
    }

    /**
     * The version chosen, by whom our {@link #hello} has led to.
     *
     * @throws Refused when it is not whom we wanted
     */
    int requireWelcome(Hello theirs, MemberId wanted) {
        int version = requireOurs(theirs);
        if (!wanted.equals(ANYBODY) && !theirs.self().id().equals(wanted)) {
            throw new Refused(
                    Refusal.UNEXPECTED_MEMBER,
                    "another member answered: wanted=" + wanted + " answered=" + theirs.self());
        }
        return version;
    }

    private Hello present(
            WireVersions spoken, MemberId wanted, Purpose purpose, boolean authenticates) {
        return new Hello(
                spoken.min(),
                spoken.max(),
                authenticates,
                Tls.canExport(),
                FEATURES,
                0,
                meshHash,
                mesh,
                wanted,
                nonce(),
                messageBytes,
                purpose,
                role,
                shown(purpose),
                life == null ? new byte[LifeKey.POINT_BYTES] : life.point(),
                claims(authenticates));
    }

    /** Of this member's token, which only who dials has. */
    private byte[] claims(boolean authenticates) {
        Token token = keyring.current().token();
        return token == null || !authenticates ? new byte[0] : token.claims().bytes();
    }

    /** The membership reaches a client, too. */
    private Member shown(Purpose purpose) {
        Member now = self;
        return purpose == Purpose.DATA
                ? now
                : new Member(now.id(), now.name(), now.role(), now.host(), boundPort);
    }

    private byte[] nonce() {
        byte[] nonce = new byte[Hello.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    /** The version to speak with a member that belongs here. */
    private int requireOurs(Hello theirs) {
        int version = versions.common(theirs.minVersion(), theirs.maxVersion());
        if (version == WireVersions.NONE) {
            String spoken = theirs.minVersion() + ".." + theirs.maxVersion();
            throw new Refused(
                    Refusal.VERSION,
                    "a wire version must be shared: theirs=" + spoken + " ours=" + versions);
        }
        if (!Hmac.isSame(theirs.meshHash(), meshHash)) {
            throw new Refused(
                    Refusal.FOREIGN_MESH,
                    "the mesh must be the same: theirs=" + theirs.mesh() + " ours=" + mesh);
        }
        if ((theirs.required() & ~FEATURES) != 0) {
            throw new Refused(
                    Refusal.FEATURE,
                    "features are required that this release has not: required=0x"
                            + Long.toHexString(theirs.required()));
        }
        if (theirs.self().id().equals(self.id())) {
            throw new Refused(Refusal.UNEXPECTED_MEMBER, ITSELF + self);
        }
        return version;
    }

    /** What this side cannot judge, or demands and does not get, is told before any proof. */
    private void requireCredentials(Hello theirs) {
        boolean isEnough = theirs.authenticates() ? hasCredentials() : isOpen();
        if (!isEnough) {
            throw onOneSide(theirs.authenticates());
        }
    }

    /** Whether this member has dialed itself: by an address that it did not know for its own. */
    static boolean isItself(Refused refused) {
        return refused.refusal() == Refusal.UNEXPECTED_MEMBER && refused.why().startsWith(ITSELF);
    }

    /** The other side has a secret where we have none, or the other way round. */
    Refused onOneSide(boolean isTheirs) {
        return new Refused(
                Refusal.SECRET,
                "either both sides have the secret or none: theirs="
                        + isTheirs
                        + " ours="
                        + hasCredentials());
    }

    /**
     * A refusal as it is told: with all facts in an open mesh, but to a stranger who may not know
     * the secret nothing beyond the reason.
     */
    ByteBuf refuse(Refused refused) {
        Refusal refusal = refused.refusal();
        return Greeting.refuse(refusal, hasCredentials() ? refusal.name() : refused.why());
    }

    /** What this member proves with when it dials; null where there is no secret. */
    @Nullable Secret first() {
        return keyring.current().first();
    }

    /** This member's certificate, if it has one. */
    @Nullable Identity identity() {
        return keyring.current().identity();
    }

    /** The key of this life; null in an open mesh. */
    @Nullable LifeKey life() {
        return life;
    }

    /** Whether what this side has shown in TLS is the key of its life. */
    boolean isLife(Certificate @Nullable [] shown) {
        return life != null && shown != null && shown[0].equals(life.certificate());
    }

    Judge judge() {
        return judge;
    }
}
