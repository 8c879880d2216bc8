package io.tuli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.tuli.Refusal;
import io.tuli.TuliException;
import io.tuli.secret.SigningPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens signed by pairs of keys, and by keys of others (15.2). */
class TokenKeysTest {

    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir private Path directory;

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private Path file(String name, String label, byte[] der) throws IOException {
        Path file = directory.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String body = Base64.getMimeEncoder().encodeToString(der);
        String end = "-----\n";
        return Files.writeString(
                file, "-----BEGIN " + label + end + body + "\n-----END " + label + end);
    }

    private SigningPair read(KeyPair own, KeyPair shown) throws IOException {
        return SigningPair.read(
                file("own.pem", "PRIVATE KEY", own.getPrivate().getEncoded()),
                file("shown.pem", "PUBLIC KEY", shown.getPublic().getEncoded()));
    }

    private static Tokens tokens(TokenKeys keys) {
        return new Tokens(new Tokens.Setting(keys, "us", "ours", Duration.ofDays(1)));
    }

    private static void refused(Tokens tokens, String token, String why) {
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(401))
                .hasMessageContaining(why);
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .subject("7")
                .issuer("us")
                .audience("ours")
                .claim("exp", System.currentTimeMillis() / 1_000 + 60)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"EC,256,ES256", "RSA,2048,RS256"})
    void whoHasThePairSignsAndNoOtherKeyOrAlgorithmCounts(String kind, int bits, String algorithm)
            throws Exception {
        KeyPair pair = pair(kind, bits);
        Tokens tokens = tokens(new KeyPairKeys(read(pair, pair)));
        String token = tokens.sign("7");

        assertThat(SignedJWT.parse(token).getHeader().getAlgorithm().getName())
                .isEqualTo(algorithm);
        assertThat(tokens.verify(token)).containsEntry("sub", "7");
        KeyPair other = pair(kind, bits);
        refused(tokens, tokens(new KeyPairKeys(read(other, other))).sign("7"), "invalid signature");
        SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims());
        confused.sign(new MACSigner(pair.getPublic().getEncoded()));
        refused(tokens, confused.serialize(), "invalid algorithm");
        String[] parts = token.split("\\.");
        refused(tokens, parts[0] + "." + parts[1] + ".", "");
    }

    @Test
    void pairThatIsNoneIsToldWithWhatToDo() throws Exception {
        KeyPair one = pair("EC", 256);
        assertThatThrownBy(() -> read(one, pair("EC", 256)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("must be the public half");
        KeyPair weak = pair("RSA", 1_024);
        assertThatThrownBy(() -> read(weak, weak)).hasMessageContaining("2048 bits or more");
        Path open = file("open.pem", "PRIVATE KEY", one.getPrivate().getEncoded());
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> SigningPair.read(open, open)).hasMessageContaining("chmod 600");
    }

    // ---- keys of others ------------------------------------------------------------------------

    private static String signed(ECKey key) throws Exception {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(JOSEObjectType.JWT)
                                .keyID(key.getKeyID())
                                .build(),
                        claims());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static ECKey key(String id) throws Exception {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private static String set(ECKey... keys) {
        return new JWKSet(List.<com.nimbusds.jose.jwk.JWK>of(keys)).toString();
    }

    @Test
    void keysOfAFileAreTakenByTheirIdsAndChangeWithIt() throws Exception {
        ECKey first = key("first");
        ECKey second = key("second");
        Path file = Files.writeString(directory.resolve("keys.json"), set(first));
        JwkKeys keys = new JwkKeys(file.toString(), OFTEN, OFTEN);
        keys.start();
        try {
            Tokens tokens = tokens(keys);
            assertThat(tokens.verify(signed(first))).containsEntry("sub", "7");
            refused(tokens, signed(second), "no such key");
            refused(tokens, signed(key("first")), "invalid signature");
            long before = keys.generation();

            Files.writeString(file, set(second));
            await().ignoreExceptionsInstanceOf(Refusal.class)
                    .untilAsserted(
                            () ->
                                    assertThat(tokens.verify(signed(second)))
                                            .containsEntry("sub", "7"));
            refused(tokens, signed(first), "no such key");
            assertThat(keys.generation()).as("what was checked before").isEqualTo(before + 1);
            Files.writeString(file, "{\"keys\":[]}");
            assertThat(tokens.verify(signed(second))).as("those before").containsEntry("sub", "7");
            assertThatThrownBy(() -> tokens.sign("7")).hasMessageContaining("issued elsewhere");
        } finally {
            keys.close();
        }
    }

    @Test
    void keysAtAnAddressAreReadAgainForATokenThatNamesAnotherAndNotForEach() throws Exception {
        ECKey first = key("first");
        ECKey second = key("second");
        AtomicInteger asked = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/keys",
                exchange -> {
                    byte[] set =
                            (asked.incrementAndGet() == 1 ? set(first) : set(first, second))
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, set.length);
                    exchange.getResponseBody().write(set);
                    exchange.close();
                });
        server.start();
        JwkKeys keys =
                new JwkKeys(
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/keys",
                        Duration.ofHours(1),
                        OFTEN);
        try {
            keys.start();
            Tokens tokens = tokens(keys);
            assertThat(tokens.verify(signed(first))).containsEntry("sub", "7");
            await().ignoreExceptionsInstanceOf(Refusal.class)
                    .untilAsserted(
                            () ->
                                    assertThat(tokens.verify(signed(second)))
                                            .containsEntry("sub", "7"));
            int before = asked.get();
            ECKey third = key("third");
            for (int at = 0; at < 200; at++) {
                refused(tokens, signed(third), "no such key");
            }
            assertThat(asked.get() - before).isLessThan(200);
        } finally {
            keys.close();
            server.stop(0);
        }
    }

    @Test
    void keysAreReadOverHttpsAloneAndStrangeOnesAreLeftOut() throws Exception {
        assertThatThrownBy(() -> new JwkKeys("http://192.0.2.1/keys"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("over https");
        ECKey other = new ECKeyGenerator(Curve.P_384).keyID("other").generate();
        Path file = Files.writeString(directory.resolve("odd.json"), set(other, key("ours")));
        JwkKeys keys = new JwkKeys(file.toString());
        keys.start();
        try {
            refused(tokens(keys), signed(key("other")), "no such key");
        } finally {
            keys.close();
        }
    }
}
