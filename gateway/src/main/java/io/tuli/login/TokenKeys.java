package io.tuli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tuli.Refusal;

/**
 * Keys of tokens: with which they are signed, and with which they may have been. Each takes exactly
 * the algorithm that it is for, whatever a token says of itself. Thread-safe.
 */
public interface TokenKeys {

    /** With which tokens are signed. */
    JWSAlgorithm algorithm();

    /**
     * Signs.
     *
     * @throws Refusal 501 where tokens of others are taken alone
     */
    SignedJWT sign(JWSHeader.Builder header, JWTClaimsSet claims);

    /**
     * Requires that one of these keys has signed a token.
     *
     * @throws Refusal 401 where none has
     */
    void requireSigned(SignedJWT token);

    /** Whether to check a signature takes microseconds, so that it can be done on a loop. */
    boolean isFast();

    /** Whether tokens can be signed, so that users can log in by a password. */
    boolean canSign();

    /** Another number whenever there are other keys: what was checked before counts no more. */
    default long generation() {
        return 0;
    }

    /** Begins to look for keys where these change. */
    default void start() {}

    /** Looks no more. */
    default void close() {}

    /** Requires that a token says the algorithm that its key is for. */
    static void requireAlgorithm(SignedJWT token, JWSAlgorithm only) {
        if (!only.equals(token.getHeader().getAlgorithm())) {
            throw Refusal.notAuthenticated("invalid algorithm");
        }
    }

    /** A token with these claims, signed. */
    static SignedJWT signed(JWSHeader.Builder header, JWTClaimsSet claims, JWSSigner signer) {
        SignedJWT token = new SignedJWT(header.build(), claims);
        try {
            token.sign(signer);
            return token;
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Requires that a token says the algorithm of a key, and is signed by it. */
    static void requireSigned(SignedJWT token, JWSAlgorithm only, JWSVerifier verifier) {
        requireAlgorithm(token, only);
        try {
            if (!token.verify(verifier)) {
                throw Refusal.notAuthenticated("invalid signature");
            }
        } catch (JOSEException unverifiable) {
            throw Refusal.notAuthenticated("invalid signature");
        }
    }
}
