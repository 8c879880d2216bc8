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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Users log in by a password, and go on by a token, as Feathers' strategies {@code local} and
 * {@code jwt} have it. Passwords are looked at on threads of its own, a few at a time. Thread-safe;
 * close it to end its threads.
 */
public final class UserLogins implements Logins, AutoCloseable {

    /** What a password of nobody is looked at with: it takes as long as one of somebody. */
    static final String NOBODY = "$2b$10$C6UzMDM.H6dfI/f/IKcEe.3rF9Ez0zWJQW1b7cF1t5h1m1Qk3m1eW";

    private static final int WAITING_MAX = 64;
    private static final int NAME_CHARS_MAX = 256;

    private final Setting setting;
    private final Users users;
    private final Rates byAddress;
    private final Rates byAccount;
    private final ThreadPoolExecutor threads;

    /**
     * What it is made with.
     *
     * @param users the service of the users, as {@code users}
     * @param loginField of a user's document: the name to log in with
     * @param passwordField of a user's document: the hash
     */
    public record Setting(
            Tokens tokens,
            Exposures users,
            String loginField,
            String passwordField,
            Codec codec,
            LoginLimits limits) {}

    public UserLogins(Setting setting) {
        this.setting = setting;
        this.users = new Users(setting.users(), setting.loginField(), setting.passwordField());
        this.byAddress = new Rates(setting.limits().perAddress(), System::nanoTime);
        this.byAccount = new Rates(setting.limits().perAccount(), System::nanoTime);
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

    /** Looks for the users, and goes on to. May block. */
    public void start() {
        setting.users().start();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        setting.users().close();
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
                return CompletableFuture.completedFuture(
                        ofToken(token instanceof String text ? text : "", from));
            }
            if (strategy.equals("local")) {
                return local(asked, from);
            }
            throw refused(
                    "Invalid authentication information (strategy not allowed in authStrategies)");
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(ErrorJson.refusal(failed));
        }
    }

    private CompletableFuture<Login> local(Map<?, ?> asked, Connection from) {
        if (!(asked.get(setting.loginField()) instanceof String name)
                || !(asked.get(setting.passwordField()) instanceof String password)
                || name.isEmpty()
                || name.length() > NAME_CHARS_MAX
                || !PasswordHash.isPossible(password)) {
            throw refused("Invalid login");
        }
        if (byAddress.isOver(from.address()) || byAccount.isOver(name)) {
            throw Refusal.tooManyRequests("Too many logins: try again in a minute");
        }
        byAddress.count(from.address());
        CompletableFuture<Login> result = new CompletableFuture<>();
        try {
            threads.execute(() -> look(name, password, from, result));
        } catch (RejectedExecutionException busy) {
            throw Refusal.unavailable("Too many log in at once: try again");
        }
        return result;
    }

    private void look(
            String name, String password, Connection from, CompletableFuture<Login> result) {
        try {
            Login login = ofPassword(name, password, from);
            from.loop().execute(() -> result.complete(login));
        } catch (Throwable failed) {
            Refusal refusal = ErrorJson.refusal(failed);
            from.loop().execute(() -> result.completeExceptionally(refusal));
        }
    }

    private Login ofPassword(String name, String password, Connection from) {
        Users.Kept user = users.byLogin(name);
        boolean isThere = user != null && !user.hash().isEmpty();
        boolean isRight =
                PasswordHash.BCRYPT.matches(
                        password, user != null && isThere ? user.hash() : NOBODY);
        if (user == null || !isThere || !isRight) {
            byAccount.count(name);
            throw refused("Invalid login");
        }
        String token = setting.tokens().sign(String.valueOf(user.record().get("id")));
        return login(token, setting.tokens().verify(token), user.record(), "local", from);
    }

    // ---- by a token ----------------------------------------------------------------------------

    @Override
    public CompletableFuture<@Nullable Login> verify(String authorization, Connection from) {
        String token = token(authorization);
        if (token == null) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return CompletableFuture.completedFuture(ofToken(token, from));
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

    private Login ofToken(String token, Connection from) {
        Map<String, @Nullable Object> claims = setting.tokens().verify(token);
        String id = String.valueOf(claims.get("sub"));
        Map<String, @Nullable Object> user = users.byId(id);
        if (user == null) {
            throw Refusal.notFound("No record found for id '" + id + "'");
        }
        return login(token, claims, user, "jwt", from);
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
        return new Login(
                Caller.of(from.provider(), user, claims),
                token,
                Math.multiplyExact(Math.min(seconds, Integer.MAX_VALUE), 1_000L),
                setting.codec().encode(result));
    }

    private static Refusal refused(String message) {
        return Refusal.notAuthenticated(message);
    }
}
