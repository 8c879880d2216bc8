package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.error.Require;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Hello;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.handshake.Secret;
import io.tuli.handshake.WireVersions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Presents this member, and judges how others present themselves. Any thread.
 *
 * <p>Each side signs both sides' presentations, nonces included, under a label of its own: a proof
 * fits one handshake and one direction, and whoever changes a byte of either presentation on its
 * way - the versions, say - makes the proofs fail.
 */
final class Greeter {

    /** Features of this release, a bit each; none yet. */
    private static final long FEATURES = 0;

    private static final MemberId ANYBODY = new MemberId(0, 0);
    private static final byte[] DIALER = "tuli dialer 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACCEPTOR = "tuli acceptor 1".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random = new SecureRandom();
    private final String mesh;
    private final byte[] meshHash;
    private final @Nullable Secret secret;
    private final WireVersions versions;
    private final int messageBytes;
    private volatile Member self;

    Greeter(TransportConfig config, WireVersions versions) {
        this.mesh = config.mesh();
        this.meshHash = sha256(mesh);
        this.secret = config.secret();
        this.versions = versions;
        this.messageBytes = config.limits().messageBytes();
        this.self = config.self();
    }

    private static byte[] sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Member self() {
        return self;
    }

    void selfChanged(Member member) {
        Require.argument(member.id().equals(self.id()), "a member keeps its id", member.id());
        self = member;
    }

    /** What the dialling side says first. */
    Hello hello(MemberId wanted) {
        return present(versions, wanted);
    }

    /**
     * What the accepting side answers.
     *
     * @throws Refused when the other does not belong here
     */
    Hello welcome(Hello theirs) {
        int version = requireOurs(theirs);
        boolean isMeant = theirs.wanted().equals(self.id()) || theirs.wanted().equals(ANYBODY);
        if (!isMeant) {
            throw new Refused(
                    Refusal.UNEXPECTED_MEMBER,
                    "another member was here before: wanted=" + theirs.wanted() + " here=" + self);
        }
        return present(new WireVersions(version, version), theirs.self().id());
    }

    /**
     * The version chosen in the answer to our {@link #hello}.
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

    private Hello present(WireVersions spoken, MemberId wanted) {
        byte[] nonce = new byte[Hello.NONCE_BYTES];
        random.nextBytes(nonce);
        return new Hello(
                spoken.min(),
                spoken.max(),
                secret != null,
                FEATURES,
                0,
                meshHash,
                mesh,
                wanted,
                nonce,
                messageBytes,
                self);
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
        if (!MessageDigest.isEqual(theirs.meshHash(), meshHash)) {
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
        requireSecretOnBothSides(theirs);
        if (theirs.self().id().equals(self.id())) {
            throw new Refused(Refusal.UNEXPECTED_MEMBER, "a member must not dial itself: " + self);
        }
        return version;
    }

    private void requireSecretOnBothSides(Hello theirs) {
        if (theirs.authenticates() != (secret != null)) {
            throw new Refused(
                    Refusal.SECRET,
                    "either both sides have the secret or none: theirs="
                            + theirs.authenticates()
                            + " ours="
                            + (secret != null));
        }
    }

    /**
     * A refusal as it is told: with all facts in an open mesh, but to a stranger who may not know
     * the secret nothing beyond the reason.
     */
    ByteBuf refuse(Refused refused) {
        Refusal refusal = refused.refusal();
        return Greeting.refuse(refusal, secret == null ? refused.why() : refusal.name());
    }

    /** The dialling side's proof for these two presentations, as they were on the wire. */
    byte[] dialerProof(byte[] hello, byte[] welcome) {
        return sign(DIALER, hello, welcome);
    }

    /** The accepting side's. */
    byte[] acceptorProof(byte[] hello, byte[] welcome) {
        return sign(ACCEPTOR, hello, welcome);
    }

    private byte[] sign(byte[] label, byte[] hello, byte[] welcome) {
        return secret == null ? new byte[Greeting.MAC_BYTES] : secret.sign(label, hello, welcome);
    }

    /**
     * Compares a proof with what it must be.
     *
     * @throws Refused when the other side does not know the secret
     */
    static void requireProof(byte[] theirs, byte[] expected) {
        if (!Secret.isSame(theirs, expected)) {
            throw new Refused(Refusal.SECRET, "the secrets must be the same; they are not");
        }
    }
}
