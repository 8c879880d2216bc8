package io.tuli.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A certificate in files is taken where it is for a member of this mesh, else told as what it is.
 */
class IdentityTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String URI = "tuli://mesh/server/one";

    private final TestAuthority authority = new TestAuthority("ours");

    @TempDir Path directory;
    private IdentityFiles files;

    @BeforeEach
    void name() {
        files = TestAuthority.files(directory, "mesh");
    }

    private void refuses(String... parts) {
        assertThatThrownBy(files::read)
                .isInstanceOf(TuliException.class)
                .satisfies(
                        thrown -> {
                            for (String part : parts) {
                                assertThat(thrown).hasMessageContaining(part);
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void keysOnCurveAndRsaAreTaken(String algorithm) {
        authority.write(directory, authority.issue(algorithm, DAY, URI));
        Subject subject = files.read().subject();
        assertThat(subject.role()).isEqualTo(Role.SERVER);
        assertThat(subject.name()).isEqualTo("one");
    }

    @Test
    void anAuthorityMaySignWithRsa() {
        TestAuthority rsa = TestAuthority.rsa("rsa");
        rsa.write(directory, rsa.issue("EC", DAY, "tuli://mesh/read-only/one"));
        assertThat(files.read().subject().role()).isEqualTo(Role.READ_ONLY);
    }

    @Test
    void whatHasNotChangedIsWorkedOutOnce() {
        authority.write(directory, authority.issue("EC", DAY, URI));
        Identity first = files.read();
        assertThat(files.read()).isSameAs(first);
        authority.write(directory, authority.issue("EC", DAY, URI));
        assertThat(files.read()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"cert.pem, tls.cert", "key.pem, tls.key", "ca.pem, tls.ca"})
    void aFileThatIsMissingIsNamed(String file, String setting) throws IOException {
        authority.write(directory, authority.issue("EC", DAY, URI));
        Files.delete(directory.resolve(file));
        refuses(setting, directory.resolve(file).toString(), "there is no such file");
    }

    @ParameterizedTest
    @CsvSource({"cert.pem, tls.cert", "key.pem, tls.key", "ca.pem, tls.ca"})
    void aFileThatHoldsSomethingElseIsNamed(String file, String setting) throws IOException {
        authority.write(directory, authority.issue("EC", DAY, URI));
        for (String text :
                new String[] {
                    "",
                    "no PEM",
                    "-----BEGIN CERTIFICATE-----\nAAAA",
                    TestAuthority.pem("CERTIFICATE", new byte[50]),
                    TestAuthority.pem("PRIVATE KEY", new byte[50]),
                    "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----"
                }) {
            Files.writeString(directory.resolve(file), text);
            refuses(setting, directory.resolve(file).toString());
        }
    }

    @Test
    void aKeyInAnotherFormIsToldHowToBeMadeOne() throws IOException {
        authority.write(directory, authority.issue("EC", DAY, URI));
        Path key = directory.resolve("key.pem");
        Files.writeString(key, TestAuthority.pem("EC PRIVATE KEY", new byte[50]));
        refuses("in PKCS#8 and not encrypted", "openssl pkcs8 -topk8 -nocrypt -in " + key);
        Files.writeString(key, TestAuthority.pem("ENCRYPTED PRIVATE KEY", new byte[50]));
        refuses("in PKCS#8 and not encrypted");
    }

    @Test
    void aKeyThatOthersMayUseIsRefused() throws IOException {
        authority.write(directory, authority.issue("EC", DAY, URI));
        Path key = directory.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        refuses("tls.key", "mode=rw-r-----", "chmod 600 " + key);
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        TestAuthority.Issued one = authority.issue("EC", DAY, URI);
        authority.write(directory, one, authority.issue("EC", DAY, URI).pair());
        refuses("tls.key must be the key of the certificate in tls.cert, and is another");
        authority.write(directory, one, authority.issue("RSA", DAY, URI).pair());
        refuses("tls.key must be the key of the certificate in tls.cert, and is another");
    }

    @Test
    void aCertificateThatHasEndedIsRefusedAndToldWhen() {
        authority.write(directory, authority.issue("EC", Duration.ofHours(-1), URI));
        refuses("must not be expired: it was valid until 20", "have the authority issue");
    }

    @Test
    void aCertificateOfSomebodyElseIsRefused() {
        authority.write(directory, new TestAuthority("theirs").issue("EC", DAY, URI));
        refuses("must be issued by the mesh's authority (tls.ca)");
        authority.write(directory, new TestAuthority("ours").issue("EC", DAY, URI));
        refuses("must be issued by the mesh's authority (tls.ca)");
    }

    @Test
    void aCertificateHasExactlyOneUri() {
        authority.write(directory, authority.issue("EC", DAY));
        refuses("exactly one URI among its alternative names", "it has 0");
        authority.write(directory, authority.issue("EC", DAY, URI, "tuli://mesh/client/one"));
        refuses("exactly one URI among its alternative names", "it has 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tuli://mesh/boss/one",
                "tuli://mesh/server/",
                "tuli://mesh/server",
                "tuli://mesh/server/one/two",
                "tuli://mesh/server/one?x",
                "tuli://mesh/server/%0a",
                "https://mesh/server/one",
                "tuli:/server/one"
            })
    void aUriOfAnotherFormIsRefused(String uri) {
        authority.write(directory, authority.issue("EC", DAY, uri));
        refuses("must be tuli://mesh/role/name, with role server, client", uri);
    }

    @Test
    void aCertificateForAnotherMeshIsRefused() {
        authority.write(directory, authority.issue("EC", DAY, "tuli://other/server/one"));
        refuses("must be for this mesh: mesh=mesh", "tuli://other/server/one");
    }

    @Test
    void aClientsCertificateMakesNoServer() {
        authority.write(directory, authority.issue("EC", DAY, "tuli://mesh/client/web"));
        Identity identity = files.read();
        identity.requireRole(Role.CLIENT);
        assertThatThrownBy(() -> identity.requireRole(Role.SERVER))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("it is for client web")
                .hasMessageContaining("tuli://<mesh>/server/<name>");
    }

    /** Whatever a disk or a hand makes of the files, it is told, and nothing else happens. */
    @Test
    void whateverIsInTheFilesIsTakenOrToldAsWrong() throws IOException {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        System.out.println("-Dtuli.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        authority.write(directory, authority.issue("EC", DAY, URI));
        String[] names = {"cert.pem", "key.pem", "ca.pem"};
        Map<String, byte[]> whole = new HashMap<>();
        for (String name : names) {
            whole.put(name, Files.readAllBytes(directory.resolve(name)));
        }
        int told = 0;
        for (int round = 0; round < 3_000; round++) {
            String name = names[random.nextInt(names.length)];
            Files.write(directory.resolve(name), changed(whole.get(name), random));
            try {
                files.read();
            } catch (TuliException wrong) {
                told++;
            }
            Files.write(directory.resolve(name), whole.get(name));
        }
        assertThat(told).isGreaterThan(1_000);
        assertThat(files.read().subject().name()).isEqualTo("one");
    }

    private static byte[] changed(byte[] whole, SplittableRandom random) {
        byte[] changed = Arrays.copyOf(whole, 1 + random.nextInt(2 * whole.length));
        for (int i = random.nextInt(4); i >= 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean() ? changed : Arrays.copyOf(changed, whole.length);
    }
}
