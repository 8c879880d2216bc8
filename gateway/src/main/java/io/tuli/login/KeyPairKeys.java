package io.tuli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tuli.secret.SigningPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** A pair of keys: ES256 on P-256, RS256 with RSA. Immutable. */
public final class KeyPairKeys implements TokenKeys {

    private final JWSAlgorithm algorithm;
    private final JWSSigner signer;
    private final JWSVerifier verifier;

    public KeyPairKeys(SigningPair pair) {
        try {
            if (pair.publicKey() instanceof ECPublicKey known
                    && pair.privateKey() instanceof ECPrivateKey own) {
                this.algorithm = JWSAlgorithm.ES256;
                this.signer = new ECDSASigner(own);
                this.verifier = new ECDSAVerifier(known);
            } else {
                this.algorithm = JWSAlgorithm.RS256;
                this.signer = new RSASSASigner(pair.privateKey());
                this.verifier = new RSASSAVerifier((RSAPublicKey) pair.publicKey());
            }
        } catch (JOSEException unusable) {
            throw new IllegalArgumentException(
                    "a pair of keys is on P-256, or of RSA with 2048 bits or more", unusable);
        }
    }

    @Override
    public JWSAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public SignedJWT sign(JWSHeader.Builder header, JWTClaimsSet claims) {
        return TokenKeys.signed(header, claims, signer);
    }

    @Override
    public void requireSigned(SignedJWT token) {
        TokenKeys.requireSigned(token, algorithm, verifier);
    }

    @Override
    public boolean isFast() {
        return false;
    }

    @Override
    public boolean canSign() {
        return true;
    }
}
