package io.tuli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tuli.error.Require;

/** One secret that all gateways have: HS256. Immutable. */
public final class SecretKeys implements TokenKeys {

    private static final int SECRET_BYTES_MIN = 32;

    private final MACSigner signer;
    private final MACVerifier verifier;

    /**
     * Of a secret.
     *
     * @param secret at least 32 bytes
     */
    public SecretKeys(byte[] secret) {
        Require.argument(
                secret.length >= SECRET_BYTES_MIN,
                "a secret for HS256 has at least 32 bytes",
                secret.length + " bytes");
        try {
            this.signer = new MACSigner(secret.clone());
            this.verifier = new MACVerifier(secret.clone());
        } catch (JOSEException unusable) {
            throw new IllegalArgumentException("a secret must be usable for HS256", unusable);
        }
    }

    @Override
    public SignedJWT sign(JWSHeader.Builder header, JWTClaimsSet claims) {
        return TokenKeys.signed(header, claims, signer);
    }

    @Override
    public JWSAlgorithm algorithm() {
        return JWSAlgorithm.HS256;
    }

    @Override
    public void requireSigned(SignedJWT token) {
        TokenKeys.requireSigned(token, JWSAlgorithm.HS256, verifier);
    }

    @Override
    public boolean isFast() {
        return true;
    }

    @Override
    public boolean canSign() {
        return true;
    }
}
