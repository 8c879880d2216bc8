package io.tuli.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key of one life of a member: a P-256 pair made when it starts and forgotten when it ends, and
 * a certificate for it that it signed itself. Nobody trusts the certificate for what it says; it
 * carries the key into TLS, and the handshake proves that the secret's holder owns it. A member's
 * incarnation is the fingerprint of this key: so nobody else can be this member. Immutable.
 *
 * @param key the private half, which leaves the process never
 * @param certificate the public half
 */
public record LifeKey(PrivateKey key, X509Certificate certificate) {

    /** Length of a {@link #point}. */
    public static final int POINT_BYTES = 65;

    /** Length of what {@link #sign} answers. */
    public static final int SIGNATURE_BYTES = 64;

    private static final String SIGNATURE = "SHA256withECDSAinP1363Format";
    private static final byte[] LABEL = "tuli life 2\0".getBytes(StandardCharsets.US_ASCII);

    /** What comes before the point in an encoded key on P-256 (RFC 5480). */
    private static final byte[] PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

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

    /** The public half as a point: 65 bytes, uncompressed (SEC 1, 2.3.3). */
    public byte[] point() {
        return pointOf(certificate.getPublicKey());
    }

    /** The same of any key on P-256; no bytes of another key. */
    public static byte[] pointOf(PublicKey key) {
        byte[] encoded = key.getEncoded();
        boolean isOurs = encoded.length == PREFIX.length + POINT_BYTES;
        return isOurs ? Arrays.copyOfRange(encoded, PREFIX.length, encoded.length) : new byte[0];
    }

    /** The incarnation of the member whose life has this key: 62 bits of its hash. */
    public static long incarnation(byte[] point) {
        return ByteBuffer.wrap(Hmac.sha256(LABEL, point)).getLong() >>> 2;
    }

    /** A signature over 32 bytes: {@link #SIGNATURE_BYTES}, r and s. */
    public byte[] sign(byte[] transcript) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initSign(key);
            signature.update(transcript);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + SIGNATURE, e);
        }
    }

    /** Whether the owner of the key with this point has signed so. */
    public static boolean hasSigned(byte[] point, byte[] transcript, byte[] signed) {
        try {
            ByteBuffer encoded = ByteBuffer.allocate(PREFIX.length + point.length);
            encoded.put(PREFIX).put(point);
            PublicKey key =
                    KeyFactory.getInstance("EC")
                            .generatePublic(new X509EncodedKeySpec(encoded.array()));
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initVerify(key);
            signature.update(transcript);
            return signature.verify(signed);
        } catch (GeneralSecurityException noPoint) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "(key of a life)";
    }
}
