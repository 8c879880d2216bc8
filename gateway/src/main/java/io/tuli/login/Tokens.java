package io.tuli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
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

/**
 * Signs and checks tokens of one secret, one algorithm, one issuer and one audience. Thread-safe;
 * costs microseconds.
 */
public final class Tokens {

    private static final int SECRET_BYTES_MIN = 32;
    private static final int TOKEN_CHARS_MAX = 8_192;
    private static final JOSEObjectType TYPE = new JOSEObjectType("access");

    private final Setting setting;
    private final MACSigner signer;
    private final MACVerifier verifier;
    private final LongSupplier seconds;

    /**
     * What tokens are made with.
     *
     * @param secret of at least 32 bytes, for HS256
     */
    public record Setting(byte[] secret, String issuer, String audience, Duration lifetime) {

        public Setting {
            Require.argument(
                    secret.length >= SECRET_BYTES_MIN,
                    "a secret for HS256 has at least 32 bytes",
                    secret.length + " bytes");
            Require.argument(lifetime.isPositive(), "a token's life is positive", lifetime);
            secret = secret.clone();
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
        try {
            this.signer = new MACSigner(setting.secret());
            this.verifier = new MACVerifier(setting.secret());
        } catch (JOSEException unusable) {
            throw new IllegalArgumentException("a secret must be usable for HS256", unusable);
        }
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
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).build(), claims);
        try {
            token.sign(signer);
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
        return token.serialize();
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
            if (!JWSAlgorithm.HS256.equals(parsed.getHeader().getAlgorithm())) {
                throw refused("invalid algorithm");
            }
            if (!parsed.verify(verifier)) {
                throw refused("invalid signature");
            }
            Map<String, Object> raw =
                    Objects.requireNonNull(parsed.getPayload().toJSONObject(), "payload");
            requireInForce(raw);
            return new LinkedHashMap<>(raw);
        } catch (ParseException | RuntimeException malformed) {
            throw malformed instanceof Refusal refusal ? refusal : refused("jwt malformed");
        } catch (JOSEException unverifiable) {
            throw refused("invalid signature");
        }
    }

    private void requireInForce(Map<String, Object> claims) {
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
