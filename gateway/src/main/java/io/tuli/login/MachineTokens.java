package io.tuli.login;

import io.tuli.Key;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Rights;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of programs. Each is a document of a service, which holds its hash, what it may do and
 * until when: a token is good for as long as its document is there, at every gateway. What is kept
 * shows no token: they are of 256 random bits, and SHA-256 of those tells nothing. Thread-safe;
 * costs microseconds.
 */
public final class MachineTokens {

    /** As whom a program calls: this, and its token's id. */
    public static final String SUBJECT = "machine:";

    private static final String PREFIX = "tuliapi1-";
    private static final int ID_CHARS = 16;
    private static final int SECRET_CHARS = 64;
    private static final String PATH = "tokens";

    private final Exposures service;
    private final LongSupplier millis;

    /**
     * Of a service.
     *
     * @param service exposes it alone, as {@code tokens}, to nobody but this
     */
    public MachineTokens(Exposures service) {
        this(service, System::currentTimeMillis);
    }

    MachineTokens(Exposures service, LongSupplier millis) {
        this.service = service;
        this.millis = millis;
    }

    /**
     * A new token.
     *
     * @param id by which it is listed and revoked
     * @param text what the program shows, and nobody else ever sees
     * @param hash what is kept of it
     */
    public record Made(String id, String text, String hash) {

        @Override
        public String toString() {
            return "(token " + id + ")";
        }
    }

    /** A program that has shown a token. */
    record Proven(Map<String, @Nullable Object> claims, Rights rights) {}

    public static Made make(SecureRandom random) {
        byte[] id = new byte[ID_CHARS / 2];
        byte[] secret = new byte[SECRET_CHARS / 2];
        random.nextBytes(id);
        random.nextBytes(secret);
        String name = HexFormat.of().formatHex(id);
        String text = PREFIX + name + "-" + HexFormat.of().formatHex(secret);
        return new Made(name, text, hash(text));
    }

    private static String hash(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** Whether a text is one of these tokens, good or not. */
    static boolean isOne(String text) {
        return text.startsWith(PREFIX);
    }

    /** Looks for the tokens, and goes on to. May block. */
    void start() {
        service.start();
    }

    void close() {
        service.close();
    }

    /**
     * Who shows it.
     *
     * @throws Refusal 401 where it is none, has ended or was revoked
     */
    Proven verify(String text) {
        int idEnd = PREFIX.length() + ID_CHARS;
        boolean isWhole = text.length() == idEnd + 1 + SECRET_CHARS && text.charAt(idEnd) == '-';
        Map<?, ?> kept =
                isWhole
                        ? replica().get(Key.of(text.substring(PREFIX.length(), idEnd)), Map.class)
                        : null;
        if (kept == null
                || !(kept.get("hash") instanceof String hash)
                || !MessageDigest.isEqual(
                        hash.getBytes(StandardCharsets.UTF_8),
                        hash(text).getBytes(StandardCharsets.UTF_8))) {
            throw Refusal.notAuthenticated("invalid token");
        }
        long until = kept.get("expiresMillis") instanceof Number at ? at.longValue() : 0;
        if (until <= millis.getAsLong()) {
            throw Refusal.notAuthenticated("token expired");
        }
        Map<String, String> services = new LinkedHashMap<>();
        if (kept.get("services") instanceof Map<?, ?> said) {
            said.forEach(
                    (name, rights) -> services.put(String.valueOf(name), String.valueOf(rights)));
        }
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        claims.put("sub", SUBJECT + text.substring(PREFIX.length(), idEnd));
        claims.put("name", String.valueOf(kept.get("name")));
        claims.put("exp", until / 1_000);
        return new Proven(claims, new Rights(services));
    }

    private Service<?> replica() {
        return service.find(PATH)
                .filter(Exposed::hasDocuments)
                .map(Exposed::service)
                .orElseThrow(() -> Refusal.unavailable("Nobody serves the tokens now"));
    }
}
