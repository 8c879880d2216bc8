package io.tuli.gateway;

import io.tuli.secret.LifeKey;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Files of a certificate and its key as a gateway reads them, and clients that take any. */
final class ShownCertificate {

    final Path certificate;
    final Path key;

    ShownCertificate(Path directory) {
        certificate = directory.resolve("shop.pem");
        key = directory.resolve("shop.key");
    }

    /** Certificates are replaced as tools do it: another file takes the name. */
    void put(LifeKey life) throws IOException {
        write(key, "PRIVATE KEY", life.key().getEncoded());
        try {
            write(certificate, "CERTIFICATE", life.certificate().getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void write(Path file, String label, byte[] der) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(
                next,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                next,
                "-----BEGIN "
                        + label
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END "
                        + label
                        + "-----\n");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    static SSLContext trusting() throws GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        return trusting;
    }

    /** Takes whatever is shown: what that is, tests look at. */
    private static final class Trusting extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
