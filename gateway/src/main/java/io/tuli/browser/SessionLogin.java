package io.tuli.browser;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Login;
import io.tuli.invoke.Logins;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** As whom a session is logged in, and for how long its token is believed. Used by its loop. */
final class SessionLogin {

    private static final String BEARER = "Bearer ";
    private static final int UNAVAILABLE = 503;
    private static final long AGAIN_SECONDS = 5;
    private static final long EXPIRY_SECONDS_MAX = TimeUnit.DAYS.toSeconds(30);

    private final Logins logins;
    private final Connection connection;
    private final EventExecutor loop;
    private final Consumer<Caller> became;
    private final Runnable ended;
    private @Nullable Login login;
    private @Nullable ScheduledFuture<?> expiry;
    private boolean isOver;

    /**
     * Of nobody.
     *
     * @param became is told who it is from now on
     * @param ended runs when its token ends: so does the session
     */
    SessionLogin(Logins logins, Connection connection, Consumer<Caller> became, Runnable ended) {
        this.logins = logins;
        this.connection = connection;
        this.loop = (EventExecutor) connection.loop();
        this.became = became;
        this.ended = ended;
    }

    Caller caller() {
        return login == null ? Caller.ANONYMOUS : login.caller();
    }

    @Nullable Login login() {
        return login;
    }

    boolean mayHear(String service) {
        return login == null || login.caller().rights().mayRead(service);
    }

    /** Logs it in until the token ends. */
    void bind(Login proven) {
        if (isOver) {
            return;
        }
        stopExpiry();
        login = proven;
        became.accept(proven.caller());
        long left = proven.believedUntilMillis() - System.currentTimeMillis();
        long seconds = Math.min(EXPIRY_SECONDS_MAX, Math.max(0, left / 1_000));
        long millis = seconds == EXPIRY_SECONDS_MAX ? seconds * 1_000 : Math.max(0, left);
        expiry = loop.schedule(() -> ends(proven), millis, TimeUnit.MILLISECONDS);
    }

    /** Its token ends now, or is to be looked at again: it may have been revoked. */
    private void ends(Login known) {
        if (known.believedUntilMillis() >= known.expiresAtMillis()
                || System.currentTimeMillis() >= known.expiresAtMillis()) {
            ended.run();
            return;
        }
        logins.verify(BEARER + known.token(), connection)
                .whenComplete(
                        (again, failed) -> {
                            if (known.equals(login)) {
                                lookedAt(known, again, failed);
                            }
                        });
    }

    private void lookedAt(Login known, @Nullable Login again, @Nullable Throwable failed) {
        if (again != null) {
            bind(again);
        } else if (failed != null && ErrorJson.refusal(failed).code() == UNAVAILABLE) {
            expiry = loop.schedule(() -> ends(known), AGAIN_SECONDS, TimeUnit.SECONDS);
        } else {
            ended.run();
        }
    }

    /** Nobody is logged in any more. */
    void unbind() {
        stopExpiry();
        login = null;
        became.accept(Caller.ANONYMOUS);
    }

    /** The session is over. */
    void close() {
        isOver = true;
        stopExpiry();
        login = null;
    }

    private void stopExpiry() {
        ScheduledFuture<?> running = expiry;
        expiry = null;
        if (running != null) {
            running.cancel(false);
        }
    }
}
