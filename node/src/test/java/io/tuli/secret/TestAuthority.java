package io.tuli.secret;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Issues certificates, for tests: what a company's authority does, with Java alone. */
public final class TestAuthority {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_SHA256 = hex("06082a8648ce3d040302");
    private static final byte[] RSA_SHA256 = hex("06092a864886f70d01010b0500");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] IS_AUTHORITY = hex("300f0603551d130101ff040530030101ff");
    private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int OCTETS = 0x04;
    private static final int URI = 0x86;

    private final KeyPair pair;
    private final String name;
    private final X509Certificate certificate;

    /** One of its own, with a key on P-256. */
    public TestAuthority(String name) {
        this(name, pair("EC"));
    }

    private TestAuthority(String name, KeyPair pair) {
        this.pair = pair;
        this.name = name;
        this.certificate = signed(pair, name, List.of(IS_AUTHORITY), Duration.ofDays(1));
    }

    /** One that signs with RSA. */
    public static TestAuthority rsa(String name) {
        return new TestAuthority(name, pair("RSA"));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A certificate and its key. */
    public record Issued(KeyPair pair, X509Certificate certificate) {}

    /** One for so many URIs, which ends after a time or, if that is negative, has ended. */
    public Issued issue(String algorithm, Duration life, String... uris) {
        KeyPair own = pair(algorithm);
        byte[][] names = new byte[uris.length][];
        for (int i = 0; i < uris.length; i++) {
            names[i] = Der.of(URI, Der.ascii(uris[i]));
        }
        List<byte[]> extensions = new ArrayList<>();
        if (uris.length > 0) {
            byte[] all = Der.of(OCTETS, Der.of(Der.SEQUENCE, names));
            extensions.add(Der.of(Der.SEQUENCE, ALTERNATIVE_NAMES, all));
        }
        return new Issued(own, signed(own, "some member", extensions, life));
    }

    private X509Certificate signed(
            KeyPair of, String subject, List<byte[]> extensions, Duration life) {
        boolean isRsa = pair.getPrivate().getAlgorithm().equals("RSA");
        byte[] algorithm = Der.of(Der.SEQUENCE, isRsa ? RSA_SHA256 : ECDSA_SHA256);
        Instant from = Instant.now().minus(Duration.ofDays(10));
        byte[] content =
                Der.of(
                        Der.SEQUENCE,
                        Der.of(VERSION, Der.integer(BigInteger.TWO)),
                        Der.integer(BigInteger.valueOf(System.nanoTime() & Long.MAX_VALUE)),
                        algorithm,
                        name(name),
                        Der.of(Der.SEQUENCE, time(from), time(Instant.now().plus(life))),
                        name(subject),
                        of.getPublic().getEncoded(),
                        extensions.isEmpty()
                                ? new byte[0]
                                : Der.of(
                                        EXTENSIONS,
                                        Der.of(Der.SEQUENCE, extensions.toArray(byte[][]::new))));
        try {
            Signature signature =
                    Signature.getInstance(isRsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(content);
            byte[] whole =
                    Der.of(
                            Der.SEQUENCE,
                            content,
                            algorithm,
                            Der.of(Der.BIT_STRING, new byte[1], signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The settings of a member: who it is, {@code role/name}, in files of its own. */
    public Map<String, String> settings(Path directory, String mesh, String who) {
        Path its = directory.resolve(who);
        write(its, issue("EC", Duration.ofDays(1), "tuli://" + mesh + "/" + who));
        return new HashMap<>(
                Map.of(
                        "tls.cert", its.resolve("cert.pem").toString(),
                        "tls.key", its.resolve("key.pem").toString(),
                        "tls.ca", its.resolve("ca.pem").toString()));
    }

    private static byte[] name(String text) {
        return Der.of(
                Der.SEQUENCE,
                Der.of(
                        Der.SET,
                        Der.of(
                                Der.SEQUENCE,
                                COMMON_NAME,
                                Der.of(Der.UTF8_STRING, Der.ascii(text)))));
    }

    private static byte[] time(Instant at) {
        return Der.of(Der.GENERALIZED_TIME, Der.ascii(TIME.format(at)));
    }

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2_048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    // ---- files ---------------------------------------------------------------------------------

    /** The three files of a member, in a directory of theirs; and what they hold, worked out. */
    public static IdentityFiles files(Path directory, String mesh) {
        return new IdentityFiles(
                directory.resolve("cert.pem"),
                directory.resolve("key.pem"),
                directory.resolve("ca.pem"),
                mesh);
    }

    /** Writes them for a member, in place of what was there. */
    public void write(Path directory, Issued issued) {
        write(directory, issued, issued.pair());
    }

    /** The same, with somebody's key. */
    public void write(Path directory, Issued issued, KeyPair key) {
        try {
            Files.createDirectories(directory);
            put(
                    directory.resolve("cert.pem"),
                    pem("CERTIFICATE", issued.certificate().getEncoded()));
            put(directory.resolve("key.pem"), pem("PRIVATE KEY", key.getPrivate().getEncoded()));
            put(directory.resolve("ca.pem"), pem("CERTIFICATE", certificate.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /** As files hold it. */
    public static String pem(String label, byte[] bytes) {
        return "some words before it\n-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END "
                + label
                + "-----\n";
    }

    /** What a member of the mesh called test proves with, out of memory. */
    public Identity identity(String uri, Duration life, TestAuthority... others) {
        Issued issued = issue("EC", life, uri);
        return identity(issued, others);
    }

    /** The same of a certificate that was issued; others are authorities, too. */
    public Identity identity(Issued issued, TestAuthority... others) {
        List<X509Certificate> anchors = new ArrayList<>(List.of(certificate));
        for (TestAuthority other : others) {
            anchors.add(other.certificate);
        }
        Authority authority = new Authority(new LinkedHashSet<>(anchors));
        return new Identity(
                issued.pair().getPrivate(),
                List.of(issued.certificate()),
                authority,
                authority.subject(List.of(issued.certificate()), "test"));
    }
}
