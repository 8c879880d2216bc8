package io.tuli.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Tokens that nobody has made. */
public final class TestTokens {

    private TestTokens() {}

    /** By whoever has a token and wants more: the check is no secret, so it can be made to fit. */
    public static String raised(String text, Token.Claims claims) {
        byte[] sealed = Base64.getUrlDecoder().decode(text.split("\\.")[2]);
        byte[] key = Arrays.copyOf(sealed, Hmac.BYTES);
        byte[] label = "tuli token 1\0".getBytes(StandardCharsets.US_ASCII);
        byte[] said = claims.bytes();
        System.arraycopy(Hmac.sha256(label, said, key), 0, sealed, Hmac.BYTES, 4);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "tulitok1." + base64.encodeToString(said) + "." + base64.encodeToString(sealed);
    }
}
