package io.tuli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.tuli.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens hold (FD-84), and how passwords are tried. */
class TokensTest {

    private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final Tokens tokens =
            new Tokens(
                    new Tokens.Setting(
                            new SecretKeys(SECRET.getBytes(StandardCharsets.UTF_8)),
                            "kit",
                            "https://kit.example",
                            Duration.ofDays(1)),
                    now::get);

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(String head, String body, String secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String text = encoded(head) + "." + encoded(body);
        byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static final String HEAD = "{\"alg\":\"HS256\",\"typ\":\"access\"}";

    private static String body(String more) {
        return "{\"sub\":\"7\",\"aud\":\"https://kit.example\",\"iss\":\"kit\",\"exp\":1000010"
                + more
                + "}";
    }

    private void refused(String token, String message) {
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(401);
                            assertThat(refusal.text()).isEqualTo(message);
                        });
    }

    @Test
    void tokenSaysWhoseByWhomForWhomAndHowLong() {
        Map<String, ?> claims = tokens.verify(tokens.sign("7"));

        assertThat(claims.get("sub")).isEqualTo("7");
        assertThat(claims.get("iss")).isEqualTo("kit");
        assertThat(claims.get("aud")).isEqualTo("https://kit.example");
        assertThat(((Number) claims.get("iat")).longValue()).isEqualTo(now.get());
        assertThat(((Number) claims.get("exp")).longValue()).isEqualTo(now.get() + 86_400);
        assertThat(String.valueOf(claims.get("jti"))).hasSize(36);
    }

    @Test
    void tokenHoldsUntilItsEndAndNotInThatSecond() {
        String token = tokens.sign("7");
        now.addAndGet(86_399);
        assertThat(tokens.verify(token)).isNotEmpty();
        now.incrementAndGet();
        refused(token, "jwt expired");
    }

    @Test
    void tokenOfTheSameSecretIsTakenWhoeverMadeIt() throws Exception {
        assertThat(tokens.verify(signed(HEAD, body(""), SECRET)).get("sub")).isEqualTo("7");
        refused(
                signed(HEAD, body(""), "another-secret-of-thirty-two-bytes!!"),
                "invalid signature");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"alg\":\"HS512\"} | invalid algorithm",
                "{\"alg\":\"none\"} | jwt malformed",
                "{\"alg\":\"RS256\"} | invalid algorithm",
                "{\"alg\":\"hs256\"} | invalid algorithm",
                "{\"typ\":\"access\"} | jwt malformed",
                "{\"alg\":\"HS256\",\"crit\":[\"x\"]} | invalid signature",
                "[] | jwt malformed"
            })
    void onlyOneAlgorithmIsTaken(String head, String message) throws Exception {
        refused(signed(head, body(""), SECRET), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"exp\":1000010 | \"exp\":1000000 | jwt expired",
                "\"exp\":1000010 | \"exp\":\"1000010\" | jwt expired",
                "\"exp\":1000010 | \"x\":1 | jwt expired",
                "\"exp\":1000010 | \"exp\":1000010,\"nbf\":1000001 | jwt not active",
                "\"exp\":1000010 | \"exp\":1000010,\"nbf\":\"x\" | jwt not active",
                "https://kit.example | https://other.example | jwt audience invalid",
                "\"iss\":\"kit\" | \"iss\":\"other\" | jwt issuer invalid",
                "\"sub\":\"7\" | \"sub\":7 | jwt subject invalid",
                "\"sub\":\"7\" | \"sub\":\"\" | jwt subject invalid"
            })
    void eachClaimIsChecked(String from, String to, String message) throws Exception {
        refused(signed(HEAD, body("").replace(from, to), SECRET), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad", "a.b.c", ".", "..", "a.b", "a.b.c.d.e", "\u0000"})
    void whatIsNoTokenIsMalformed(String text) {
        refused(text, "jwt malformed");
    }

    @Test
    void changedCutAndEndlessTokensAreRefused() {
        String token = tokens.sign("7");
        String[] parts = token.split("\\.");
        refused("", "No access token");
        refused(token + "x", "invalid signature");
        refused(parts[0] + "." + parts[1] + ".", "jwt malformed");
        refused(token + "x".repeat(10_000), "jwt malformed");
    }

    @Test
    void secretThatIsShortIsRefused() {
        assertThatThrownBy(() -> new SecretKeys(new byte[31])).hasMessageContaining("32 bytes");
    }

    @Test
    void hashOfBcryptjsIsKnownAndNobodysTakesAsLong() {
        String hash = PasswordHash.bcrypt("secret", 4);
        assertThat(hash).startsWith("$2b$04$");
        assertThat(PasswordHash.BCRYPT.matches("secret", hash)).isTrue();
        assertThat(PasswordHash.BCRYPT.matches("Secret", hash)).isFalse();
        assertThat(PasswordHash.BCRYPT.matches("x", "no hash")).isFalse();
        assertThat(BCrypt.verifyer().verify("x".toCharArray(), UserLogins.NOBODY).validFormat)
                .isTrue();
        assertThat(PasswordHash.isPossible("x".repeat(72))).isTrue();
        assertThat(PasswordHash.isPossible("x".repeat(73))).isFalse();
        assertThat(PasswordHash.isPossible("ä".repeat(37))).isFalse();
    }

    @Test
    void triesAreCountedForAMinuteAndNotMoreTriersAreRememberedThanMayBe() {
        AtomicLong nanos = new AtomicLong();
        Rates rates = new Rates(3, nanos::get);
        for (int at = 0; at < 3; at++) {
            assertThat(rates.isOver("ada")).isFalse();
            rates.count("ada");
        }
        assertThat(rates.isOver("ada")).isTrue();
        assertThat(rates.isOver("bob")).isFalse();
        nanos.addAndGet(60_000_000_000L);
        assertThat(rates.isOver("ada")).isFalse();
        for (int at = 0; at < 20_000; at++) {
            rates.count("somebody" + at);
        }
        assertThat(rates.known()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer T, T",
        "bearer T, T",
        "JWT T, T",
        "T, T",
        "Bearer  T , T",
        "Basic YTpi,",
        "Bearer, Bearer"
    })
    void headerIsOfASchemeOrATokenAlone(String header, String token) {
        assertThat(UserLogins.token(header)).isEqualTo(token);
    }
}
