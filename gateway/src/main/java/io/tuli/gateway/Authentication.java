package io.tuli.gateway;

import io.tuli.Codec;
import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.invoke.Exposing;
import io.tuli.invoke.Exposures;
import io.tuli.login.JwkKeys;
import io.tuli.login.KeyPairKeys;
import io.tuli.login.LoginLimits;
import io.tuli.login.MachineTokens;
import io.tuli.login.SecretKeys;
import io.tuli.login.TokenKeys;
import io.tuli.login.Tokens;
import io.tuli.login.UserLogins;
import io.tuli.secret.SigningPair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How users log in: by a password, as documents of a service have it (see {@link Passwords}), then
 * by a token that every gateway of the same secret takes. Clients call {@code authentication}, as
 * those of Feathers do. Immutable; each method answers a changed copy.
 */
public final class Authentication {

    private static final String NAME = "tuli";

    private final TokenSource tokens;
    private final @Nullable Kept kept;
    private final String machines;
    private final LoginLimits limits;

    /** Where users are kept. */
    private record Kept(String service, String loginField, String passwordField) {}

    /**
     * What tokens of users are.
     *
     * @param keys made when a gateway begins; null where there are no such tokens
     */
    private record TokenSource(
            @Nullable Supplier<TokenKeys> keys,
            String issuer,
            String audience,
            Duration lifetime) {}

    private Authentication(
            TokenSource tokens, @Nullable Kept kept, String machines, LoginLimits limits) {
        this.tokens = tokens;
        this.kept = kept;
        this.machines = machines;
        this.limits = limits;
    }

    private static Authentication of(@Nullable Supplier<TokenKeys> keys) {
        return new Authentication(
                new TokenSource(keys, NAME, NAME, Duration.ofDays(1)),
                null,
                "",
                LoginLimits.DEFAULTS);
    }

    /**
     * Tokens signed with HMAC of SHA-256, of one day, issued by {@code tuli} for {@code tuli}.
     *
     * @param secret at least 32 bytes that nobody can guess, the same at all gateways
     */
    public static Authentication hs256(String secret) {
        SecretKeys keys = new SecretKeys(secret.getBytes(StandardCharsets.UTF_8));
        return of(() -> keys);
    }

    /**
     * The same signed with a private key: ES256 for one on P-256, RS256 for one of RSA. Who has the
     * public half can check them, and sign none.
     *
     * @param privateKey a file in PEM that is its owner's alone, in PKCS#8
     * @param publicKey a file in PEM, as {@code openssl pkey -pubout} writes it
     */
    public static Authentication keys(Path privateKey, Path publicKey) {
        Objects.requireNonNull(privateKey);
        Objects.requireNonNull(publicKey);
        return of(() -> new KeyPairKeys(SigningPair.read(privateKey, publicKey)));
    }

    /**
     * Tokens that somebody else issues, with ES256 or RS256, and nobody here: say by {@link
     * #issuer} by whom, by {@link #audience} for whom. Without {@link #users} a caller is who its
     * token says.
     *
     * @param place of a JSON Web Key Set: a file, or an address of https
     */
    public static Authentication jwks(String place) {
        JwkKeys.requirePlace(place);
        return of(() -> new JwkKeys(place));
    }

    /**
     * Programs alone, each with a token that {@link ApiTokens} has made.
     *
     * @param service whose documents the tokens are; no gateway exposes it
     */
    public static Authentication machines(String service) {
        return of(null).withMachines(service);
    }

    /** Programs, too, as with {@link #machines}. */
    public Authentication withMachines(String service) {
        Require.argument(
                ServiceConfig.isName(service),
                "a service name is [A-Za-z0-9_.-]{1,100}",
                Excerpt.of(service));
        return new Authentication(tokens, kept, service, limits);
    }

    private Authentication tokens(String issuer, String audience, Duration lifetime) {
        Require.argument(lifetime.isPositive(), "a token's life is positive", lifetime);
        return new Authentication(
                new TokenSource(tokens.keys(), issuer, audience, lifetime), kept, machines, limits);
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
                machines,
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
                tokens, kept, machines, new LoginLimits(perAddress, perAccount, limits.threads()));
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
        boolean isElsewhere = !tokens.issuer().equals(NAME);
        Require.argument(
                kept != null || isElsewhere || !machines.isEmpty(),
                "say where the users are: users(service, login, password); or who issues tokens:"
                        + " issuer(name); or that programs have some: withMachines(service)",
                this);
    }

    /** Services that no gateway may expose: they hold what proves who calls. */
    Set<String> hidden() {
        return machines.isEmpty() ? Set.of() : Set.of(machines);
    }

    UserLogins logins(Mesh mesh, Codec codec) {
        Supplier<TokenKeys> keys = tokens.keys();
        Kept users = kept;
        return new UserLogins(
                new UserLogins.Setting(
                        keys == null
                                ? null
                                : new Tokens(
                                        new Tokens.Setting(
                                                keys.get(),
                                                tokens.issuer(),
                                                tokens.audience(),
                                                tokens.lifetime())),
                        users == null
                                ? null
                                : new UserLogins.Kept(
                                        exposing(mesh, "users", users.service()),
                                        users.loginField(),
                                        users.passwordField()),
                        machines.isEmpty()
                                ? null
                                : new MachineTokens(exposing(mesh, "tokens", machines)),
                        codec,
                        limits));
    }

    private static Exposures exposing(Mesh mesh, String path, String service) {
        return new Exposures(mesh, Map.of(path, Exposing.of(service)));
    }

    @Override
    public String toString() {
        return "tokens of " + tokens.issuer() + " for " + tokens.audience();
    }
}
