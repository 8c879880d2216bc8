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

    @Test
    void itsIncarnationIsItsFingerprintAndPositive() {
        byte[] point = LifeKey.make().point();
        assertThat(point).hasSize(LifeKey.POINT_BYTES).startsWith(4);
        assertThat(LifeKey.incarnation(point)).isPositive().isLessThan(1L << 62);
        assertThat(LifeKey.incarnation(point)).isEqualTo(LifeKey.incarnation(point.clone()));
        assertThat(LifeKey.incarnation(LifeKey.make().point()))
                .isNotEqualTo(LifeKey.incarnation(point));
    }

    @Test
    void whatItSignedIsToldFromAnythingElse() {
        LifeKey life = LifeKey.make();
        byte[] said = Hmac.sha256(new byte[1]);
        byte[] signed = life.sign(said);
        assertThat(signed).hasSize(LifeKey.SIGNATURE_BYTES);
        assertThat(LifeKey.hasSigned(life.point(), said, signed)).isTrue();

        byte[] other = Hmac.sha256(new byte[2]);
        assertThat(LifeKey.hasSigned(life.point(), other, signed)).isFalse();
        assertThat(LifeKey.hasSigned(LifeKey.make().point(), said, signed)).isFalse();
        assertThat(LifeKey.hasSigned(life.point(), said, new byte[64])).isFalse();
        assertThat(LifeKey.hasSigned(new byte[LifeKey.POINT_BYTES], said, signed)).isFalse();
        byte[] offCurve = life.point();
        offCurve[40]++;
        assertThat(LifeKey.hasSigned(offCurve, said, signed)).isFalse();
    }
}
