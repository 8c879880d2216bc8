package io.tuli.login;

import io.tuli.Codec;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Login;
import io.tuli.invoke.Logins;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Users log in by a password, and go on by a token, as Feathers' strategies {@code local} and
 * {@code jwt} have it; programs show tokens of theirs. Passwords, and signatures that take long to
 * check, are looked at on threads of its own, a few at a time. Thread-safe; close it to end its
 * threads.
 */
public final class UserLogins implements Logins, AutoCloseable {

    /** What a password of nobody is looked at with: it takes as long as one of somebody. */
    static final String NOBODY = "$2b$10$C6UzMDM.H6dfI/f/IKcEe.3rF9Ez0zWJQW1b7cF1t5h1m1Qk3m1eW";

    private static final int WAITING_MAX = 64;
    private static final int NAME_CHARS_MAX = 256;
    private static final int KNOWN_TOKENS_MAX = 4_096;

    /** A token that can be revoked is looked at again after so long. */
    private static final long BELIEVED_MILLIS = 30_000;

    private final Setting setting;
    private final @Nullable Users users;
    private final Attempts attempts;
    private final ThreadPoolExecutor threads;

    /** Claims of tokens whose signatures were right, and took long to check. */
    private final Map<String, Known> known =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                            return size() > KNOWN_TOKENS_MAX;
                        }
                    });

    /**
     * Claims that were signed with keys that there were.
     *
     * @param generation of the keys
     */
    private record Known(long generation, Map<String, @Nullable Object> claims) {}

    /**
     * What it is made with.
     *
     * @param tokens of users; null where programs' tokens are taken alone
     * @param kept where users are kept; null where tokens say all there is to know
     * @param machines tokens of programs; null where none are taken
     */
    public record Setting(
            @Nullable Tokens tokens,
            @Nullable Kept kept,
            @Nullable MachineTokens machines,
            Codec codec,
            LoginLimits limits) {}

    /**
     * Where users are kept.
     *
     * @param users the service of the users, as {@code users}
     * @param loginField of a user's document: the name to log in with
     * @param passwordField of a user's document: the hash
     */
    public record Kept(Exposures users, String loginField, String passwordField) {}

    public UserLogins(Setting setting) {
        this.setting = setting;
        Kept kept = setting.kept();
        this.users =
                kept == null
                        ? null
                        : new Users(kept.users(), kept.loginField(), kept.passwordField());
        this.attempts = new Attempts(setting.limits(), System::nanoTime);
        this.threads =
                new ThreadPoolExecutor(
                        setting.limits().threads(),
                        setting.limits().threads(),
                        Duration.ofSeconds(10).toMillis(),
                        TimeUnit.MILLISECONDS,
                        new ArrayBlockingQueue<>(WAITING_MAX),
                        Thread.ofPlatform().daemon().name("tuli-gateway-login-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public String path() {
        return "authentication";
    }

    /** Looks for users, tokens and keys, and goes on to. May block. */
    public void start() {
        if (setting.kept() != null) {
            setting.kept().users().start();
        }
        if (setting.machines() != null) {
            setting.machines().start();
        }
        if (setting.tokens() != null) {
            setting.tokens().keys().start();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        if (setting.kept() != null) {
            setting.kept().users().close();
        }
        if (setting.machines() != null) {
            setting.machines().close();
        }
        if (setting.tokens() != null) {
            setting.tokens().keys().close();
        }
    }

    // ---- logging in ----------------------------------------------------------------------------

    @Override
    public CompletableFuture<Login> authenticate(@Nullable Object data, Connection from) {
        try {
            Object values =
                    data instanceof Payload json
                            ? setting.codec().decode(json, Object.class)
                            : data;
            Map<?, ?> asked = values instanceof Map<?, ?> object ? object : Map.of();
            Object strategy = asked.get("strategy");
            if (strategy == null) {
                throw refused("Invalid authentication information (no `strategy` set)");
            }
            if (strategy.equals("jwt")) {
                Object token = asked.get("accessToken");
                return token(token instanceof String text ? text : "", from);
            }
            if (strategy.equals("local") && users != null) {
                return local(asked, from);
            }
            throw refused(
                    "Invalid authentication information (strategy not allowed in authStrategies)");
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(ErrorJson.refusal(failed));
        }
    }

    private CompletableFuture<Login> local(Map<?, ?> asked, Connection from) {
        Kept kept = Objects.requireNonNull(setting.kept());
        if (!(asked.get(kept.loginField()) instanceof String name)
                || !(asked.get(kept.passwordField()) instanceof String password)
                || name.isEmpty()
                || name.length() > NAME_CHARS_MAX
                || !PasswordHash.isPossible(password)) {
            throw refused("Invalid login");
        }
        if (!attempts.begin(name, from.address())) {
            throw tooMany();
        }
        return onThread(() -> ofPassword(name, password, from), from);
    }

    private static Refusal tooMany() {
        return Refusal.tooManyRequests("Too many logins: try again in a minute");
    }

    private CompletableFuture<Login> onThread(Supplier<Login> looked, Connection from) {
        CompletableFuture<Login> result = new CompletableFuture<>();
        try {
            threads.execute(() -> look(looked, from, result));
        } catch (RejectedExecutionException busy) {
            throw Refusal.unavailable("Too many log in at once: try again");
        }
        return result;
    }

    private static void look(
            Supplier<Login> looked, Connection from, CompletableFuture<Login> result) {
        try {
            Login login = looked.get();
            from.loop().execute(() -> result.complete(login));
        } catch (Throwable failed) {
            Refusal refusal = ErrorJson.refusal(failed);
            from.loop().execute(() -> result.completeExceptionally(refusal));
        }
    }

    private Login ofPassword(String name, String password, Connection from) {
        Tokens tokens = Objects.requireNonNull(setting.tokens());
        Users.Kept user = Objects.requireNonNull(users).byLogin(name);
        boolean isThere = user != null && !user.hash().isEmpty();
        boolean isRight =
                PasswordHash.BCRYPT.matches(
                        password, user != null && isThere ? user.hash() : NOBODY);
        if (user == null || !isThere || !isRight) {
            attempts.wrong(name, from.address());
            throw refused("Invalid login");
        }
        attempts.right(name, from.address());
        String token = tokens.sign(String.valueOf(user.record().get("id")));
        return login(token, tokens.verify(token), user.record(), "local", from);
    }

    // ---- by a token ----------------------------------------------------------------------------

    @Override
    public CompletableFuture<@Nullable Login> verify(String authorization, Connection from) {
        String token = token(authorization);
        if (token == null) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return token(token, from).thenApply(login -> login);
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(ErrorJson.refusal(failed));
        }
    }

    /** {@code Bearer T}, {@code JWT T} or {@code T}; null where it is of another scheme. */
    static @Nullable String token(String authorization) {
        String text = authorization.strip();
        int blank = text.indexOf(' ');
        if (blank < 0) {
            return text.isEmpty() ? null : text;
        }
        String scheme = text.substring(0, blank);
        boolean isOurs = scheme.equalsIgnoreCase("Bearer") || scheme.equalsIgnoreCase("JWT");
        return isOurs ? text.substring(blank).strip() : null;
    }

    /** At once, where that takes microseconds. */
    private CompletableFuture<Login> token(String token, Connection from) {
        Tokens tokens = setting.tokens();
        MachineTokens machines = setting.machines();
        if (machines != null && MachineTokens.isOne(token)) {
            return CompletableFuture.completedFuture(
                    ofMachine(machines.verify(token), token, from));
        }
        if (tokens == null) {
            throw refused("invalid token");
        }
        Known checked = known.get(token);
        if (checked != null && checked.generation() == tokens.keys().generation()) {
            tokens.requireInForce(checked.claims());
            return CompletableFuture.completedFuture(ofClaims(checked.claims(), token, from));
        }
        if (tokens.keys().isFast()) {
            return CompletableFuture.completedFuture(ofClaims(tokens.verify(token), token, from));
        }
        if (attempts.isOver(from.address())) {
            throw tooMany();
        }
        return onThread(() -> ofSlow(tokens, token, from), from);
    }

    private Login ofSlow(Tokens tokens, String token, Connection from) {
        long generation = tokens.keys().generation();
        Map<String, @Nullable Object> claims;
        try {
            claims = tokens.verify(token);
        } catch (Refusal invalid) {
            attempts.wrongToken(from.address());
            throw invalid;
        }
        known.put(token, new Known(generation, claims));
        return ofClaims(claims, token, from);
    }

    private Login ofClaims(Map<String, @Nullable Object> claims, String token, Connection from) {
        String id = String.valueOf(claims.get("sub"));
        Map<String, @Nullable Object> user = users == null ? Map.of("id", id) : users.byId(id);
        if (user == null) {
            throw Refusal.notFound("No record found for id '" + id + "'");
        }
        return login(token, claims, user, "jwt", from);
    }

    private Login ofMachine(MachineTokens.Proven proven, String token, Connection from) {
        Map<String, @Nullable Object> user =
                Map.of("id", String.valueOf(proven.claims().get("sub")));
        Login login = login(token, proven.claims(), user, "jwt", from);
        Caller caller = Caller.of(from.provider(), user, proven.claims(), proven.rights());
        return new Login(
                caller,
                token,
                login.expiresAtMillis(),
                Math.min(login.expiresAtMillis(), System.currentTimeMillis() + BELIEVED_MILLIS),
                login.result());
    }

    private Login login(
            String token,
            Map<String, @Nullable Object> claims,
            Map<String, @Nullable Object> user,
            String strategy,
            Connection from) {
        Map<String, @Nullable Object> authentication = new LinkedHashMap<>();
        authentication.put("strategy", strategy);
        if (strategy.equals("jwt")) {
            authentication.put("accessToken", token);
        }
        authentication.put("payload", claims);
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("accessToken", token);
        result.put("authentication", authentication);
        result.put("user", user);
        long seconds = claims.get("exp") instanceof Number until ? until.longValue() : 0;
        long millis = Math.multiplyExact(Math.min(seconds, Integer.MAX_VALUE), 1_000L);
        return new Login(
                Caller.of(from.provider(), user, claims),
                token,
                millis,
                millis,
                setting.codec().encode(result));
    }

    private static Refusal refused(String message) {
        return Refusal.notAuthenticated(message);
    }
}
