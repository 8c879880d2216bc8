package io.tuli.examples;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Register and log in: accounts by name. Hashing a password takes its time, so the handler blocks;
 * other accounts do not wait for it.
 */
public final class Accounts {

    public static final String NAME = "accounts";
    public static final String REGISTER = "REGISTER";
    public static final String LOGIN = "LOGIN";
    public static final String FORGOT = "FORGOT";

    private static final int ITERATIONS = 50_000;
    private static final int HASH_BITS = 256;
    private static final int SALT_BYTES = 16;

    private Accounts() {}

    /**
     * An account; the password is nowhere.
     *
     * @param email where to write
     * @param salt in hexadecimal
     * @param hash of salt and password, in hexadecimal
     */
    public record Account(String email, String salt, String hash) {}

    /** What REGISTER brings. */
    public record Registration(String email, String password) {}

    /** What LOGIN brings. */
    public record Credentials(String password) {}

    /** How to serve them. */
    public static ServiceConfig<Account> config() {
        return ServiceConfig.of(NAME, Account.class).handler(Accounts::handle);
    }

    /**
     * The verb of the account under the message's key; the built-in verbs are not for strangers.
     */
    private static Object handle(Message message, Turn<Account> turn) throws Exception {
        return switch (message.verb()) {
            case REGISTER -> register(required(message, Registration.class), turn);
            case LOGIN -> login(required(message, Credentials.class), turn);
            case FORGOT -> forgot(message.key().top(), turn);
            default ->
                    throw new TuliException(
                            Failure.METHOD_NOT_ALLOWED,
                            "accounts know REGISTER, LOGIN and FORGOT: not " + message.verb());
        };
    }

    private static Object register(Registration wish, Turn<Account> turn)
            throws GeneralSecurityException {
        if (turn.value() != null) {
            throw new TuliException(Failure.CONFLICT, "a name is registered once");
        }
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        String saltText = HexFormat.of().formatHex(salt);
        turn.update(new Account(wish.email(), saltText, hash(saltText, wish.password())));
        return "welcome";
    }

    /** Says the same whether the name or the password was wrong. */
    private static Object login(Credentials credentials, Turn<Account> turn)
            throws GeneralSecurityException {
        Account account = turn.value();
        String salt = account == null ? "" : account.salt();
        byte[] given = bytes(hash(salt, credentials.password()));
        byte[] wanted = bytes(account == null ? "" : account.hash());
        if (!MessageDigest.isEqual(given, wanted)) {
            throw new TuliException(Failure.NOT_AUTHORISED, "name or password is wrong");
        }
        return "hello";
    }

    /** The mail goes out once this turn is committed; it is sent once however often we retry. */
    private static Object forgot(String name, Turn<Account> turn) {
        Account account = turn.value();
        if (account != null) {
            Mail.Letter letter = new Mail.Letter(name, "choose a new password");
            // Key.of, because the dots of an address are no path.
            Message send = Message.of(Mail.SEND, letter).key(Key.of(account.email()));
            turn.emit(Mail.NAME, send);
        }
        return "if there is such an account, a mail is on its way";
    }

    private static <B> B required(Message message, Class<B> type) {
        @Nullable B body = message.body(type);
        if (body == null) {
            throw new TuliException(
                    Failure.BAD_REQUEST, message.verb() + " needs a " + type.getSimpleName());
        }
        return body;
    }

    private static String hash(String salt, String password) throws GeneralSecurityException {
        byte[] saltOrOther = salt.isEmpty() ? new byte[SALT_BYTES] : bytes(salt);
        PBEKeySpec spec =
                new PBEKeySpec(password.toCharArray(), saltOrOther, ITERATIONS, HASH_BITS);
        SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
        return HexFormat.of().formatHex(factory.generateSecret(spec).getEncoded());
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
