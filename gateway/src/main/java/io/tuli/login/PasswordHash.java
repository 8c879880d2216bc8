package io.tuli.login;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;

/** How passwords are kept. Thread-safe; takes a processor for a while. */
@FunctionalInterface
public interface PasswordHash {

    /** Longer ones are cut off by bcrypt, so they are none. */
    int BYTES_MAX = 72;

    /** Bcrypt, which Feathers keeps passwords in, too. */
    PasswordHash BCRYPT =
            (password, hash) ->
                    BCrypt.verifyer()
                            .verify(
                                    password.getBytes(StandardCharsets.UTF_8),
                                    hash.getBytes(StandardCharsets.UTF_8))
                            .verified;

    /** Whether it is the password that was hashed. */
    boolean matches(String password, String hash);

    /** Whether a text can be a password. */
    static boolean isPossible(String text) {
        return !text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    }

    /** A hash as bcryptjs makes it. */
    static String bcrypt(String password, int cost) {
        return BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(cost, password.toCharArray());
    }
}
