package io.tuli.secret;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;

/**
 * The key of one life of a member: a P-256 pair made when it starts and forgotten when it ends, and
 * a certificate for it that it signed itself. Nobody trusts the certificate for what it says; it
 * carries the key into TLS, and the handshake proves that the secret's holder owns it. Immutable.
 *
 * @param key the private half, which leaves the process never
 * @param certificate the public half
 */
public record LifeKey(PrivateKey key, X509Certificate certificate) {

    /** Makes one: some tenths of a second in a new JVM, milliseconds later. */
    public static LifeKey make() {
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            return new LifeKey(pair.getPrivate(), Certificates.selfSigned(pair, random));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has elliptic curve P-256", e);
        }
    }

    @Override
    public String toString() {
        return "(key of a life)";
    }
}
