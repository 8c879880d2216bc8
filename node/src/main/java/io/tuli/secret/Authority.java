package io.tuli.secret;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whoever issues the certificates of a mesh: those of {@code tls.ca}. Immutable.
 *
 * @param anchors its own certificates; while one is changed for another there are two
 */
public record Authority(Set<X509Certificate> anchors) {

    private static final int CURVE_BITS = 256;
    private static final int RSA_BITS_MIN = 2_048;

    public Authority {
        anchors = Set.copyOf(anchors);
    }

    /**
     * Whom a chain is for: validated as RFC 5280 says, without revocation lists.
     *
     * @param chain the member's certificate first
     * @throws IllegalArgumentException where this authority does not vouch for a member of the mesh
     */
    public Subject subject(List<X509Certificate> chain, String mesh) {
        X509Certificate leaf = chain.getFirst();
        if (!isStrong(leaf.getPublicKey())) {
            throw new IllegalArgumentException(
                    "a certificate's key must be on P-256, or RSA with 2048 bits or more");
        }
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            PKIXParameters parameters =
                    new PKIXParameters(
                            anchors.stream()
                                    .map(each -> new TrustAnchor(each, null))
                                    .collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            PKIXCertPathValidatorResult result =
                    (PKIXCertPathValidatorResult)
                            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return Subject.of(leaf, result.getTrustAnchor().getTrustedCert(), mesh);
        } catch (CertPathValidatorException invalid) {
            throw new IllegalArgumentException(described(leaf, invalid));
        } catch (GeneralSecurityException broken) {
            throw new IllegalArgumentException("a certificate cannot be validated: " + broken);
        }
    }

    private static String described(X509Certificate leaf, CertPathValidatorException invalid) {
        CertPathValidatorException.Reason reason = invalid.getReason();
        if (reason == CertPathValidatorException.BasicReason.EXPIRED) {
            return "a certificate must not be expired: it was valid until "
                    + leaf.getNotAfter().toInstant();
        }
        if (reason == CertPathValidatorException.BasicReason.NOT_YET_VALID) {
            return "a certificate must be valid already: it is from "
                    + leaf.getNotBefore().toInstant();
        }
        return "a certificate must be issued by the mesh's authority (tls.ca): "
                + invalid.getMessage();
    }

    /** Whether a key is one that members may have. */
    public static boolean isStrong(PublicKey key) {
        return switch (key) {
            case ECPublicKey curve -> curve.getParams().getOrder().bitLength() == CURVE_BITS;
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS_MIN;
            default -> false;
        };
    }
}
