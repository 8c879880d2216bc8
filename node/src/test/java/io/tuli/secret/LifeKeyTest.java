package io.tuli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The key of a life, and the certificate that carries it into TLS. */
class LifeKeyTest {

    @Test
    void itsCertificateIsOneThatJavaAcceptsAndThatSaysNothing() throws Exception {
        X509Certificate certificate = LifeKey.make().certificate();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getNotBefore().toInstant())
                .isBefore(Instant.EPOCH.plusSeconds(1L << 30));
        assertThat(certificate.getNotAfter().toInstant())
                .isAfter(Instant.EPOCH.plusSeconds(1L << 36));
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=tuli");
        assertThat(certificate.getIssuerX500Principal().getName()).isEqualTo("CN=tuli");
        assertThat(certificate.getSerialNumber().signum()).isPositive();
        assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
                .isEqualTo(256);
    }

    @Test
    void noTwoLivesHaveOneKey() {
        LifeKey one = LifeKey.make();
        LifeKey other = LifeKey.make();
        assertThat(one.certificate().getPublicKey())
                .isNotEqualTo(other.certificate().getPublicKey());
        assertThat(one).hasToString("(key of a life)");
    }
}
