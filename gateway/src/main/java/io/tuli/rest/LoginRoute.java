package io.tuli.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Codec;
import io.tuli.Refusal;
import io.tuli.http.Exchange;
import io.tuli.http.Request;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.Login;
import io.tuli.invoke.Logins;
import org.jspecify.annotations.Nullable;

/** Logging in and out over HTTP: the service {@code authentication}. Thread-safe. */
public final class LoginRoute implements Route {

    private static final int BODY_BYTES = 16 * 1024;
    private static final String RETRY_SECONDS = "60";

    private final Logins logins;
    private final String path;
    private final Codec codec;

    /**
     * At a path.
     *
     * @param path as {@code authentication}
     */
    public LoginRoute(Logins logins, String path, Codec codec) {
        this.logins = logins;
        this.path = path;
        this.codec = codec;
    }

    @Override
    public boolean takes(HttpRequest head, String asked) {
        String stripped = Invocation.stripped(asked);
        return stripped.equals(path) || stripped.startsWith(path + "/");
    }

    @Override
    public int bodyBytes() {
        return BODY_BYTES;
    }

    /** What follows may be a token. */
    @Override
    public String shown(Request request) {
        return "/" + path;
    }

    @Override
    public void answer(Exchange exchange) {
        Request request = exchange.request();
        try {
            switch (request.method()) {
                case "POST" ->
                        logins.authenticate(RestBody.of(request, codec), exchange.connection())
                                .whenComplete(
                                        (login, failed) -> tell(exchange, 201, login, failed));
                case "DELETE" -> leave(exchange);
                default -> throw Refusal.methodNotAllowed("Log in by POST, out by DELETE");
            }
        } catch (Refusal refused) {
            refuse(exchange, refused);
        }
    }

    private void leave(Exchange exchange) {
        Request request = exchange.request();
        String rest = Invocation.stripped(request.path()).substring(path.length());
        String id = Percent.decode(Invocation.stripped(rest));
        logins.verify(request.header(HttpHeaderNames.AUTHORIZATION), exchange.connection())
                .whenComplete(
                        (login, failed) -> {
                            boolean isOther =
                                    login != null && !id.isEmpty() && !id.equals(login.token());
                            if (isOther) {
                                refuse(exchange, Refusal.notAuthenticated("Invalid access token"));
                            } else {
                                tell(exchange, 200, login, failed);
                            }
                        });
    }

    private void tell(
            Exchange exchange, int status, @Nullable Login login, @Nullable Throwable failed) {
        if (login != null) {
            exchange.answer(
                    Response.json(status, login.result().bytes())
                            .with(HttpHeaderNames.CACHE_CONTROL, "no-store"));
        } else {
            refuse(
                    exchange,
                    failed == null
                            ? Refusal.notAuthenticated("Not authenticated")
                            : ErrorJson.refusal(failed));
        }
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(RefusalResponse.of(refusal, codec, RETRY_SECONDS));
    }
}
