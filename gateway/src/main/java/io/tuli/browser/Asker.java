package io.tuli.browser;

import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import io.tuli.invoke.Login;
import io.tuli.socketio.SocketClient;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A session as those see it who make its events calls. Used by its loop. */
interface Asker {

    Connection connection();

    Caller caller();

    /** As whom it is logged in; null for nobody. */
    @Nullable Login login();

    void bind(Login proven);

    void unbind();

    /** Answers once a call has ended; the call ends with the session. */
    void answer(CompletableFuture<Payload> call, SocketClient.Answer answer);

    void succeed(SocketClient.Answer answer, Payload result);

    void fail(SocketClient.Answer answer, Refusal refusal);
}
