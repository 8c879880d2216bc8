package io.tuli.gateway;

import io.tuli.Codec;
import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.error.Require;
import io.tuli.invoke.Exposing;
import io.tuli.invoke.Exposures;
import io.tuli.login.LoginLimits;
import io.tuli.login.Tokens;
import io.tuli.login.UserLogins;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How users log in: by a password, as documents of a service have it (see {@link Passwords}), then
 * by a token that every gateway of the same secret takes. Clients call {@code authentication}, as
 * those of Feathers do. Immutable; each method answers a changed copy.
 */
public final class Authentication {

    private static final String NAME = "tuli";

    private final Tokens.Setting tokens;
    private final @Nullable Kept kept;
    private final LoginLimits limits;

    /** Where users are kept. */
    private record Kept(String service, String loginField, String passwordField) {}

    private Authentication(Tokens.Setting tokens, @Nullable Kept kept, LoginLimits limits) {
        this.tokens = tokens;
        this.kept = kept;
        this.limits = limits;
    }

    /**
     * Tokens signed with HMAC of SHA-256, of one day, issued by {@code tuli} for {@code tuli}.
     *
     * @param secret at least 32 bytes that nobody can guess, the same at all gateways
     */
    public static Authentication hs256(String secret) {
        return new Authentication(
                new Tokens.Setting(
                        secret.getBytes(StandardCharsets.UTF_8), NAME, NAME, Duration.ofDays(1)),
                null,
                LoginLimits.DEFAULTS);
    }

    private Authentication tokens(String issuer, String audience, Duration lifetime) {
        return new Authentication(
                new Tokens.Setting(tokens.secret(), issuer, audience, lifetime), kept, limits);
    }

    /** Who issues the tokens; those of others are refused. */
    public Authentication issuer(String name) {
        return tokens(Objects.requireNonNull(name), tokens.audience(), tokens.lifetime());
    }

    /** For whom they are; those for others are refused. */
    public Authentication audience(String name) {
        return tokens(tokens.issuer(), Objects.requireNonNull(name), tokens.lifetime());
    }

    /** How long they hold. */
    public Authentication lifetime(Duration lifetime) {
        return tokens(tokens.issuer(), tokens.audience(), lifetime);
    }

    /**
     * Where the users are: documents of a service, which need not be exposed.
     *
     * @param loginField of a document: the name to log in with, each of one user
     * @param passwordField of a document: the hash that {@link Passwords} makes
     */
    public Authentication users(String service, String loginField, String passwordField) {
        return new Authentication(
                tokens,
                new Kept(
                        Objects.requireNonNull(service),
                        Objects.requireNonNull(loginField),
                        Objects.requireNonNull(passwordField)),
                limits);
    }

    /**
     * How often passwords may be tried in a minute; more are 429.
     *
     * @param perAddress from one address: 120 unless this is said
     * @param perAccount wrong ones for one name: 20 unless this is said
     */
    public Authentication attempts(int perAddress, int perAccount) {
        return new Authentication(
                tokens, kept, new LoginLimits(perAddress, perAccount, limits.threads()));
    }

    /** Lets only callers that have logged in call a service: others are 401. */
    public static GatewayHook required() {
        return new Required(Set.of());
    }

    /** The same but for some methods, which everybody may call. */
    public static GatewayHook requiredExcept(String... methods) {
        return new Required(Set.of(methods));
    }

    /** Refuses who has not logged in. */
    record Required(Set<String> open) implements GatewayHook {

        @Override
        public void before(GatewayCall call) {
            if (call.caller().isAnonymous() && !open.contains(call.method())) {
                throw call.identity()
                        .refusal()
                        .orElseGet(() -> Refusal.notAuthenticated("Not authenticated"));
            }
        }
    }

    void requireWhole() {
        Require.argument(
                kept != null, "say where the users are: users(service, login, password)", this);
    }

    UserLogins logins(Mesh mesh, Codec codec) {
        Kept users = Objects.requireNonNull(kept);
        return new UserLogins(
                new UserLogins.Setting(
                        new Tokens(tokens),
                        new Exposures(mesh, Map.of("users", Exposing.of(users.service()))),
                        users.loginField(),
                        users.passwordField(),
                        codec,
                        limits));
    }

    @Override
    public String toString() {
        return tokens.toString();
    }
}
