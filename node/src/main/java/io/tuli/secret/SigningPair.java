package io.tuli.secret;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

/**
 * A private key and its public half, from two files, to sign what others can check. Immutable.
 *
 * @param privateKey on P-256, or of RSA with 2048 bits or more
 */
public record SigningPair(PrivateKey privateKey, PublicKey publicKey) {

    /**
     * Reads both, in PEM: the private one in PKCS#8 and its owner's alone, the public one as
     * OpenSSL's {@code pkey -pubout} writes it.
     *
     * @throws io.tuli.TuliException BAD_REQUEST, with what to do, where they are not as they must
     *     be
     */
    public static SigningPair read(Path privateKey, Path publicKey) {
        Pem own = Pem.read("the private key of tokens", privateKey);
        Pem known = Pem.read("the public key of tokens", publicKey);
        SecretFile.requireOwnersAlone("the private key of tokens", privateKey);
        PrivateKey key = Identity.privateKey(own);
        PublicKey shown = publicKey(known, key.getAlgorithm());
        if (!Authority.isStrong(shown)) {
            throw known.refused("a key must be on P-256, or RSA with 2048 bits or more");
        }
        if (!Identity.fits(key, shown)) {
            throw known.refused(
                    "it must be the public half of " + privateKey + ", and is another's");
        }
        return new SigningPair(key, shown);
    }

    private static PublicKey publicKey(Pem file, String algorithm) {
        List<Pem.Block> keys =
                file.blocks().stream().filter(each -> each.label().equals("PUBLIC KEY")).toList();
        if (keys.size() != 1) {
            throw file.refused("it must hold one public key, and holds " + keys.size());
        }
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePublic(new X509EncodedKeySpec(keys.getFirst().bytes()));
        } catch (GeneralSecurityException other) {
            throw file.refused("it must hold a key of " + algorithm);
        }
    }

    @Override
    public String toString() {
        return "(pair of keys of " + publicKey.getAlgorithm() + ")";
    }
}
