package io.tuli.login;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tuli.Refusal;
import io.tuli.error.Require;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Signs and checks tokens of one issuer for one audience. Thread-safe. */
public final class Tokens {

    private static final int TOKEN_CHARS_MAX = 8_192;
    private static final JOSEObjectType TYPE = new JOSEObjectType("access");

    private final Setting setting;
    private final LongSupplier seconds;

    /**
     * What tokens are made with.
     *
     * @param keys with which they are signed
     */
    public record Setting(TokenKeys keys, String issuer, String audience, Duration lifetime) {

        public Setting {
            Require.argument(lifetime.isPositive(), "a token's life is positive", lifetime);
        }

        @Override
        public String toString() {
            return "tokens of " + issuer + " for " + audience;
        }
    }

    public Tokens(Setting setting) {
        this(setting, () -> System.currentTimeMillis() / 1_000);
    }

    Tokens(Setting setting, LongSupplier seconds) {
        this.setting = setting;
        this.seconds = seconds;
    }

    /** With which they are signed. */
    TokenKeys keys() {
        return setting.keys();
    }

    /** A new token of a user. */
    public String sign(String subject) {
        long now = seconds.getAsLong();
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .claim("iat", now)
                        .claim("exp", now + setting.lifetime().toSeconds())
                        .audience(setting.audience())
                        .issuer(setting.issuer())
                        .subject(subject)
                        .jwtID(UUID.randomUUID().toString())
                        .build();
        TokenKeys keys = setting.keys();
        return keys.sign(new JWSHeader.Builder(keys.algorithm()).type(TYPE), claims).serialize();
    }

    /**
     * The claims of a token that holds.
     *
     * @throws Refusal 401 where it does not
     */
    public Map<String, @Nullable Object> verify(String token) {
        if (token.isEmpty()) {
            throw refused("No access token");
        }
        try {
            SignedJWT parsed = SignedJWT.parse(token.length() > TOKEN_CHARS_MAX ? "" : token);
            setting.keys().requireSigned(parsed);
            Map<String, Object> raw =
                    Objects.requireNonNull(parsed.getPayload().toJSONObject(), "payload");
            Map<String, @Nullable Object> claims = new LinkedHashMap<>(raw);
            requireInForce(claims);
            return claims;
        } catch (ParseException | RuntimeException malformed) {
            throw malformed instanceof Refusal refusal ? refusal : refused("jwt malformed");
        }
    }

    /**
     * Requires that claims that were signed hold now.
     *
     * @throws Refusal 401 where they do not
     */
    void requireInForce(Map<String, @Nullable Object> claims) {
        long now = seconds.getAsLong();
        if (!(claims.get("exp") instanceof Number until) || until.doubleValue() <= now) {
            throw refused("jwt expired");
        }
        Object from = claims.get("nbf");
        if (from != null && !(from instanceof Number since && since.doubleValue() <= now)) {
            throw refused("jwt not active");
        }
        Object audience = claims.get("aud");
        boolean isForUs =
                setting.audience().equals(audience)
                        || (audience instanceof List<?> all && all.contains(setting.audience()));
        if (!isForUs) {
            throw refused("jwt audience invalid");
        }
        if (!setting.issuer().equals(claims.get("iss"))) {
            throw refused("jwt issuer invalid");
        }
        if (!(claims.get("sub") instanceof String subject) || subject.isEmpty()) {
            throw refused("jwt subject invalid");
        }
    }

    private static Refusal refused(String message) {
        return Refusal.notAuthenticated(message);
    }
}
