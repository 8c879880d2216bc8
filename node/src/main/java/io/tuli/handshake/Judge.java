package io.tuli.handshake;

import io.tuli.Member;
import io.tuli.secret.Credentials;
import io.tuli.secret.Demand;
import io.tuli.secret.Identity;
import io.tuli.secret.Keyring;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.Subject;
import io.tuli.secret.Token;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges what the other side of a handshake has proven, and whether that is enough. Each side shows
 * all it has; the strongest that the other can judge counts. Any thread.
 */
public final class Judge {

    private final Keyring keyring;
    private final String mesh;

    public Judge(Keyring keyring, String mesh) {
        this.keyring = keyring;
        this.mesh = mesh;
    }

    /**
     * What a side says, shows and proves.
     *
     * @param shown its certificates in TLS; none where there is no TLS
     * @param over what its proof must cover
     */
    public record Claim(Hello hello, List<X509Certificate> shown, Proof proof, byte[] over) {}

    /**
     * Who dials shows nobody a value to try guesses on that a certificate was demanded of.
     *
     * @param purpose a link is had with a server alone
     * @throws Refused where a certificate is demanded of who answers, and it has shown none
     */
    public void requireShown(List<X509Certificate> shown, Purpose purpose) {
        Credentials now = keyring.current();
        if (now.demand() == Demand.CERTIFICATE) {
            Subject subject = subject(now, shown);
            if (purpose == Purpose.DATA) {
                requireRole(subject, Role.SERVER);
            }
        }
    }

    /**
     * What the dialing side has proven: any secret of the mesh will do, and is answered with.
     *
     * @throws Refused where that is not enough
     */
    public Proven dialer(Claim claim) {
        Credentials now = keyring.current();
        if (!claim.hello().authenticates()) {
            return nothing(claim);
        }
        if (claim.hello().claims().length > 0) {
            return holder(now, claim);
        }
        Secret fitting = null;
        for (Secret secret : now.secrets()) {
            if (fitting == null && claim.proof().isOfDialer(secret, claim.over())) {
                fitting = secret;
            }
        }
        return proven(now, claim, fitting);
    }

    /** What the holder of a token has proven: never as much as a certificate. */
    private Proven holder(Credentials now, Claim claim) {
        Token.Claims claims = claims(claim);
        for (Secret secret : now.secrets()) {
            Token token = Token.of(claims, secret);
            if (claim.proof().isOfDialer(token.secret(), claim.over())) {
                requireToken(now, claim.hello(), claims);
                requireLife(claim);
                return new Proven(
                        token.secret(),
                        null,
                        new Proven.Held(claims, secret),
                        claim.hello().role());
            }
        }
        throw unproven();
    }

    private static Token.Claims claims(Claim claim) {
        try {
            return Token.Claims.read(claim.hello().claims());
        } catch (IllegalArgumentException none) {
            throw new Refused(Refusal.TOKEN, String.valueOf(none.getMessage()));
        }
    }

    private static void requireToken(Credentials now, Hello hello, Token.Claims claims) {
        String why = "";
        if (now.demand() == Demand.CERTIFICATE) {
            why = "a certificate is demanded, and a token is none: id=";
        } else if (claims.hasEnded(Instant.now())) {
            why = "a token must not have ended: until=" + claims.until() + " id=";
        } else if (!now.allows(claims)) {
            why = "a token must not be revoked: id=";
        } else if (!claims.role().covers(hello.role())) {
            why =
                    "a token must be for the role that is wanted: wanted="
                            + hello.role().text()
                            + " it is for="
                            + claims.role().text()
                            + " id=";
        } else if (hello.purpose() != Purpose.DATA) {
            why = "who has a token has no part in the membership: id=";
        }
        if (!why.isEmpty()) {
            throw new Refused(Refusal.TOKEN, why + claims.id());
        }
    }

    /**
     * What the accepting side has proven.
     *
     * @param ours the secret that this side has proven; null for none
     * @throws Refused where that is not enough
     */
    public Proven acceptor(Claim claim, @Nullable Secret ours) {
        if (!claim.hello().authenticates()) {
            return nothing(claim);
        }
        boolean isSame = ours != null && claim.proof().isOfAcceptor(ours, claim.over());
        return proven(keyring.current(), claim, isSame ? ours : null);
    }

    private static Proven nothing(Claim claim) {
        if (!claim.proof().isWithoutSecret()) {
            throw unproven();
        }
        return Proven.nothing(claim.hello().role());
    }

    private Proven proven(Credentials now, Claim claim, @Nullable Secret secret) {
        Proven proven = new Proven(secret, subject(now, claim, secret), null, claim.hello().role());
        requireLife(claim);
        return proven;
    }

    private @Nullable Subject subject(Credentials now, Claim claim, @Nullable Secret secret) {
        boolean isEnough = secret != null && now.demand() != Demand.CERTIFICATE;
        if (isEnough) {
            return subjectIfAny(now, claim.shown());
        }
        if (now.identity() == null) {
            throw unproven();
        }
        Subject subject = subject(now, claim.shown());
        requireRole(subject, claim.hello().role());
        return subject;
    }

    private static Refused unproven() {
        return new Refused(Refusal.SECRET, "the secrets must be the same; they are not");
    }

    /** Nobody is a member whose life it does not live. */
    private static void requireLife(Claim claim) {
        Member self = claim.hello().self();
        byte[] life = claim.hello().life();
        if (self.id().incarnation() != LifeKey.incarnation(life)) {
            throw new Refused(
                    Refusal.UNEXPECTED_MEMBER,
                    "an incarnation must be the fingerprint of its key: member=" + self);
        }
        boolean isShown =
                !claim.shown().isEmpty()
                        && Arrays.equals(
                                life, LifeKey.pointOf(claim.shown().getFirst().getPublicKey()));
        if (!isShown && !LifeKey.hasSigned(life, claim.over(), claim.proof().signature())) {
            throw new Refused(
                    Refusal.UNEXPECTED_MEMBER,
                    "a member must have the key of its life: member=" + self);
        }
    }

    private @Nullable Subject subjectIfAny(Credentials now, List<X509Certificate> shown) {
        try {
            return now.identity() == null || shown.isEmpty() ? null : subject(now, shown);
        } catch (Refused other) {
            return null; // a secret was enough
        }
    }

    private Subject subject(Credentials now, List<X509Certificate> shown) {
        Identity identity = now.identity();
        if (identity == null || shown.isEmpty()) {
            throw new Refused(
                    Refusal.CERTIFICATE, "a certificate of the mesh's authority is demanded");
        }
        try {
            return identity.authority().subject(shown, mesh);
        } catch (IllegalArgumentException foreign) {
            throw new Refused(Refusal.CERTIFICATE, String.valueOf(foreign.getMessage()));
        }
    }

    private static void requireRole(Subject subject, Role role) {
        if (!subject.role().covers(role)) {
            throw new Refused(
                    Refusal.CERTIFICATE,
                    "a certificate must be for the role that is wanted: wanted="
                            + role.text()
                            + ", it is for "
                            + subject.role().text()
                            + " "
                            + subject.name());
        }
    }
}
