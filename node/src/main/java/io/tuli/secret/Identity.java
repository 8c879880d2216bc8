package io.tuli.secret;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A member's certificate, the key to it, and the authority that it knows others by. Immutable.
 *
 * @param chain its own certificate first, then those between it and the authority
 */
public record Identity(
        PrivateKey key, List<X509Certificate> chain, Authority authority, Subject subject) {

    static final int CHAIN_MAX = 4;
    private static final int ANCHORS_MAX = 16;
    private static final byte[] PROBE = new byte[32];

    public Identity {
        chain = List.copyOf(chain);
    }

    /**
     * What is in three files.
     *
     * @throws TuliException BAD_REQUEST, with what to do, where they are not for this member
     */
    static Identity of(Pem certificate, Pem key, Pem authority, String mesh) {
        List<X509Certificate> chain = certificates(certificate, CHAIN_MAX);
        Authority ours = new Authority(new LinkedHashSet<>(certificates(authority, ANCHORS_MAX)));
        Subject subject;
        try {
            subject = ours.subject(chain, mesh);
        } catch (IllegalArgumentException foreign) {
            throw refused(
                    String.valueOf(foreign.getMessage())
                            + "; tls.cert="
                            + certificate.file()
                            + " tls.ca="
                            + authority.file()
                            + ": have the authority issue one");
        }
        PrivateKey own = privateKey(key);
        requireFit(own, chain.getFirst(), key, certificate);
        return new Identity(own, chain, ours, subject);
    }

    static void requireInForce(Instant until, Path certificate) {
        if (until.isBefore(Instant.now())) {
            throw refused(
                    "a certificate must not be expired: it was valid until "
                            + until
                            + "; tls.cert="
                            + certificate
                            + ": have the authority issue another");
        }
    }

    static void requireFit(PrivateKey own, X509Certificate of, Pem key, Pem certificate) {
        if (!fits(own, of.getPublicKey())) {
            throw refused(
                    "tls.key must be the key of the certificate in tls.cert, and is another:"
                            + " tls.key="
                            + key.file()
                            + " tls.cert="
                            + certificate.file());
        }
    }

    static List<X509Certificate> certificates(Pem file, int max) {
        List<X509Certificate> all = new ArrayList<>();
        for (Pem.Block block : file.blocks()) {
            if (block.label().equals("CERTIFICATE")) {
                all.add(certificate(file, block));
            }
        }
        if (all.isEmpty() || all.size() > max) {
            throw file.refused("it must hold 1.." + max + " certificates, and holds " + all.size());
        }
        return all;
    }

    private static X509Certificate certificate(Pem file, Pem.Block block) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException broken) {
            throw file.refused("it holds what is no certificate: " + broken.getMessage());
        }
    }

    static PrivateKey privateKey(Pem file) {
        List<Pem.Block> keys =
                file.blocks().stream().filter(each -> each.label().endsWith("KEY")).toList();
        if (keys.size() != 1) {
            throw file.refused("it must hold one private key, and holds " + keys.size());
        }
        Pem.Block block = keys.getFirst();
        if (!block.label().equals("PRIVATE KEY")) {
            throw file.refused(
                    "a key must be in PKCS#8 and not encrypted, it is "
                            + block.label()
                            + "; say: openssl pkcs8 -topk8 -nocrypt -in "
                            + file.file());
        }
        for (String algorithm : new String[] {"EC", "RSA"}) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
            } catch (InvalidKeySpecException other) {
                // the next one
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + algorithm, e);
            }
        }
        throw file.refused("a key must be on P-256, or RSA: it is neither");
    }

    static boolean fits(PrivateKey key, PublicKey of) {
        if (!key.getAlgorithm().equals(of.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(
                            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key, new SecureRandom());
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(of);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherCurve) {
            return false;
        }
    }

    /**
     * Sees to it that this member may be what it is.
     *
     * @throws TuliException BAD_REQUEST where its certificate is for less
     */
    public void requireRole(Role role) {
        if (!subject.role().covers(role)) {
            throw refused(
                    "a certificate must be for the role of its member: role="
                            + role.text()
                            + ", it is for "
                            + subject.role().text()
                            + " "
                            + subject.name()
                            + "; have the authority issue one for tuli://<mesh>/"
                            + role.text()
                            + "/<name>");
        }
    }

    private static TuliException refused(String why) {
        return new TuliException(Failure.BAD_REQUEST, why);
    }

    @Override
    public String toString() {
        return "(identity of " + subject.role().text() + " " + subject.name() + ")";
    }
}
