package io.tuli.secret;

import io.tuli.TuliException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The three files of a member's {@link Identity}. They are read at each look, but worked out only
 * where they have changed. One thread.
 */
public final class IdentityFiles {

    private final Path certificate;
    private final Path key;
    private final Path authority;
    private final String mesh;
    private @Nullable Read last;

    private record Read(Pem certificate, Pem key, Pem authority, Identity identity) {

        boolean isOf(Pem itsCertificate, Pem itsKey, Pem itsAuthority) {
            return certificate.equals(itsCertificate)
                    && key.equals(itsKey)
                    && authority.equals(itsAuthority);
        }
    }

    /** The files that {@code tls.cert}, {@code tls.key} and {@code tls.ca} name. */
    public IdentityFiles(Path certificate, Path key, Path authority, String mesh) {
        this.certificate = certificate;
        this.key = key;
        this.authority = authority;
        this.mesh = mesh;
    }

    /**
     * What they hold now.
     *
     * @throws TuliException BAD_REQUEST, with what to do, where they are not as they must be
     */
    public Identity read() {
        Pem itsCertificate = Pem.read("tls.cert", certificate);
        Pem itsKey = Pem.read("tls.key", key);
        Pem itsAuthority = Pem.read("tls.ca", authority);
        SecretFile.requireOwnersAlone("tls.key", key);
        Read before = last;
        Read now =
                before != null && before.isOf(itsCertificate, itsKey, itsAuthority)
                        ? before
                        : new Read(
                                itsCertificate,
                                itsKey,
                                itsAuthority,
                                Identity.of(itsCertificate, itsKey, itsAuthority, mesh));
        Identity.requireInForce(now.identity().subject().until(), certificate);
        last = now;
        return now.identity();
    }
}
