package io.tuli.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.TuliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token is a text that the secret stands behind, and nothing else does. */
class TokenTest {

    private static final Instant UNTIL = Instant.ofEpochSecond(2_000_000_000L);
    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");
    private static final Token.Claims CLAIMS =
            new Token.Claims("web-1", Role.CLIENT, UNTIL, Map.of("carts", "rw", "orders", "r"));

    @TempDir Path directory;

    @Test
    void whatIsPrintedIsReadAgain() {
        Token token = Token.of(CLAIMS, SECRET);
        Token read = Token.parse(token.text() + "\n");
        assertThat(read).isEqualTo(token).hasSameHashCodeAs(token);
        assertThat(read.claims()).isEqualTo(CLAIMS);
        assertThat(token).hasToString("(token of client web-1)");
        assertThat(new String(CLAIMS.bytes(), StandardCharsets.UTF_8))
                .isEqualTo("web-1;client;2000000000;carts:rw,orders:r");
    }

    @Test
    void eachClaimAndEachSecretHasItsOwnKeyAndNoneOfThemIsTheSecrets() {
        Secret key = Token.of(CLAIMS, SECRET).secret();
        Token.Claims more = new Token.Claims("web-1", Role.CLIENT, UNTIL, Map.of("carts", "rwaf"));
        Secret other = Secret.of(SecretText.generate(), "test");
        assertThat(Token.of(CLAIMS, SECRET).secret()).isEqualTo(key);
        assertThat(key).isNotEqualTo(Token.of(more, SECRET).secret());
        assertThat(key).isNotEqualTo(Token.of(CLAIMS, other).secret());
        assertThat(key).isNotEqualTo(SECRET);
        assertThat(key.key("dialer")).isNotEqualTo(SECRET.key("dialer"));
    }

    @Test
    void aTypingErrorIsToldAsSuch() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        Random random = new Random(seed);
        String text = Token.of(CLAIMS, SECRET).text();
        for (int i = 0; i < 500; i++) {
            char[] chars = text.toCharArray();
            int at = "tulitok1.".length() + random.nextInt(chars.length - "tulitok1.".length());
            chars[at] = chars[at] == 'A' ? 'Q' : 'A';
            assertThatThrownBy(() -> Token.parse(new String(chars)))
                    .as("seed=%d at=%d", seed, at)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("`tuli token new` printed it")
                    .hasMessageNotContaining(text.substring(text.length() - 20));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web-1;client;1",
                "web-1;server;1;a:r",
                "web-1;admin;1;a:r",
                "we b;client;1;a:r",
                "web-1;client;later;a:r",
                "web-1;client;99999999999999999;a:r",
                "web-1;client;1;",
                "web-1;client;1;a",
                "web-1;client;01;a:r",
                "web-1;client;1;b:r,a:r",
                "web-1;client;1;a:r,a:r",
                "web-1;client;1;a:r;x"
            })
    void claimsHaveOneFormAndNoOther(String claims) {
        assertThatThrownBy(() -> Token.Claims.read(claims.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenOfTooManyServicesIsRefusedWhereItIsMade() {
        Token.Claims many = new Token.Claims("w", Role.CLIENT, UNTIL, Map.of("s".repeat(500), "r"));
        assertThatThrownBy(() -> Token.of(many, SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 512 bytes");
    }

    @Test
    void aTokensFileIsItsOwnersAndHoldsOne() throws IOException {
        Path file = directory.resolve("token");
        SecretFile.write(file, Token.of(CLAIMS, SECRET).text());
        assertThat(SecretFile.readToken(file).claims()).isEqualTo(CLAIMS);
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(file, "chmod 600");
        Path secret = directory.resolve("secret");
        SecretFile.write(secret, SecretText.generate());
        assertRefused(secret, "a token begins with tulitok1.");
        Path two = directory.resolve("two");
        SecretFile.write(two, Token.of(CLAIMS, SECRET).text() + "\nmore");
        assertRefused(two, "it must hold one token");
    }

    private static void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> SecretFile.readToken(file))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining(why);
    }
}
