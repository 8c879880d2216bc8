package io.tuli.secret;

import io.tuli.TuliException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two files, of a certificate and the key to it, that is shown to who is no member: any authority
 * may have issued it. They are read at each look, but worked out only where they have changed. One
 * thread.
 */
public final class CertificateFiles {

    private final Path certificate;
    private final Path key;
    private @Nullable Read last;

    private record Read(Pem certificate, Pem key, Shown shown) {

        boolean isOf(Pem itsCertificate, Pem itsKey) {
            return certificate.equals(itsCertificate) && key.equals(itsKey);
        }
    }

    /**
     * What is in them. Immutable.
     *
     * @param chain the certificate first, then those between it and its authority
     */
    public record Shown(PrivateKey key, List<X509Certificate> chain) {

        public Shown {
            chain = List.copyOf(chain);
        }

        @Override
        public String toString() {
            return "(certificate until " + chain.getFirst().getNotAfter().toInstant() + ")";
        }
    }

    /** Those that {@code tls.cert} and {@code tls.key} of a gateway name. */
    public CertificateFiles(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * What they hold now: the same object, where that has not changed.
     *
     * @throws TuliException BAD_REQUEST, with what to do, where they are not as they must be
     */
    public Shown read() {
        Pem itsCertificate = Pem.read("tls.cert", certificate);
        Pem itsKey = Pem.read("tls.key", key);
        SecretFile.requireOwnersAlone("tls.key", key);
        Read before = last;
        Read now =
                before != null && before.isOf(itsCertificate, itsKey)
                        ? before
                        : new Read(itsCertificate, itsKey, shown(itsCertificate, itsKey));
        Instant until = now.shown().chain().getFirst().getNotAfter().toInstant();
        Identity.requireInForce(until, certificate);
        last = now;
        return now.shown();
    }

    private static Shown shown(Pem certificate, Pem key) {
        List<X509Certificate> chain = Identity.certificates(certificate, Identity.CHAIN_MAX);
        PrivateKey own = Identity.privateKey(key);
        Identity.requireFit(own, chain.getFirst(), key, certificate);
        return new Shown(own, chain);
    }
}
