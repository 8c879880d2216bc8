package io.tuli.invoke;

import io.tuli.Call;
import io.tuli.Codec;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.error.Excerpt;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of clients calls of the mesh: looks the service up, runs the gateway's hooks, sends
 * the message, and tells its result as JSON. Thread-safe; never blocks.
 */
public final class Invoker {

    private static final String REST = "rest";
    private static final String NONE = "";
    private static final String NOTHING = "-";
    private static final int OK = 200;

    private final Setting setting;
    private final Sending sending;
    private final Many many;
    private final CallStatistics statistics = new CallStatistics();
    private final List<CallListener> listeners = new CopyOnWriteArrayList<>();
    private final Wall wall = new Wall("a listener to calls of a gateway");

    /**
     * What calls are made with.
     *
     * @param within so long a call may take
     * @param hooks by path, the outermost first
     */
    public record Setting(
            Exposures exposures,
            Codec codec,
            Duration within,
            Map<String, List<InvocationHook>> hooks) {

        public Setting {
            hooks = Map.copyOf(hooks);
        }
    }

    public Invoker(Setting setting) {
        this.setting = setting;
        this.sending = new Sending(setting.codec(), setting.within());
        this.many = new Many(sending, setting.codec());
    }

    /** Writes and reads JSON as the mesh does. */
    public Codec codec() {
        return setting.codec();
    }

    /** Of the calls that it has made. */
    public CallStatistics statistics() {
        return statistics;
    }

    /**
     * Calls a service. Called on the connection's loop, and completes there, with the result as
     * JSON, or with a {@link Refusal} and nothing else. To cancel the future cancels the call.
     */
    public CompletableFuture<Payload> invoke(Invocation invocation) {
        return run(
                invocation,
                exposed -> {
                    Sending.requireMethod(exposed, invocation);
                    return asked -> send(exposed, asked);
                });
    }

    /**
     * Asks the hooks of a service whether such a call may be made, and makes none. Otherwise like
     * {@link #invoke}.
     */
    public CompletableFuture<Payload> permit(Invocation invocation) {
        return run(invocation, exposed -> asked -> CompletableFuture.completedFuture(Payload.NULL));
    }

    private CompletableFuture<Payload> run(
            Invocation invocation,
            Function<Exposed, Function<Invocation, CompletableFuture<Payload>>> call) {
        Connection from = invocation.from();
        Answering result = new Answering();
        if (!from.begin()) {
            Refusal tooMany =
                    Refusal.tooManyRequests(
                            "a connection has at most "
                                    + from.callsMax()
                                    + " calls in flight: wait for answers");
            tell(NONE, invocation, 0, tooMany);
            result.completeExceptionally(tooMany);
            return result;
        }
        long begunNanos = System.nanoTime();
        try {
            Exposed exposed = required(invocation.path());
            Function<Invocation, CompletableFuture<Payload>> known = call.apply(exposed);
            invocation.caller().rights().require(exposed.service().name(), invocation.method());
            CompletableFuture<Payload> inner = hooked(exposed, known).apply(invocation);
            result.cancels(inner);
            inner.whenComplete(
                    (reply, failed) -> {
                        from.end();
                        long nanos = System.nanoTime() - begunNanos;
                        statistics.ended(exposed.path(), nanos, failed != null);
                        tell(exposed.path(), invocation, nanos, failed);
                        result.end(reply, failed);
                    });
        } catch (Throwable refused) {
            from.end();
            tell(NONE, invocation, System.nanoTime() - begunNanos, refused);
            result.end(null, refused);
        }
        return result;
    }

    private void tell(String path, Invocation invocation, long nanos, @Nullable Throwable failed) {
        boolean isLogged = AccessLog.isOn() && !invocation.from().provider().equals(REST);
        if (!isLogged && listeners.isEmpty()) {
            return;
        }
        String provider = invocation.from().provider();
        int status = failed == null ? OK : ErrorJson.refusal(failed).code();
        if (isLogged) {
            AccessLog.write(
                    new AccessLog.Line(
                            invocation.from().address(),
                            provider,
                            path.isEmpty() ? path : path + ":" + invocation.method(),
                            status,
                            nanos,
                            invocation.caller(),
                            NOTHING));
        }
        for (CallListener each : listeners) {
            wall.run(() -> each.ended(path, provider, invocation.method(), nanos, status));
        }
    }

    /**
     * Tells how each call has ended from now on.
     *
     * @return close it to hear no more
     */
    public AutoCloseable listen(CallListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private Exposed required(String path) {
        Exposed exposed = setting.exposures().find(path).orElse(null);
        if (exposed != null) {
            return exposed;
        }
        String why = setting.exposures().refusal(path);
        throw why == null
                ? Refusal.notFound("Service '" + Excerpt.of(path) + "' not found")
                : Refusal.unavailable("Service '" + path + "' cannot be used here: " + why);
    }

    private Function<Invocation, CompletableFuture<Payload>> hooked(
            Exposed exposed, Function<Invocation, CompletableFuture<Payload>> call) {
        Function<Invocation, CompletableFuture<Payload>> whole = call;
        for (InvocationHook hook :
                setting.hooks().getOrDefault(exposed.path(), List.of()).reversed()) {
            Function<Invocation, CompletableFuture<Payload>> next = whole;
            whole = asked -> hook.around(asked, next);
        }
        return whole;
    }

    private CompletableFuture<Payload> send(Exposed exposed, Invocation invocation) {
        if (Many.isMeant(exposed, invocation)) {
            return many.send(exposed, invocation);
        }
        return Answering.of(sending.send(exposed, invocation), invocation.from());
    }

    /** What a caller holds of a call: to cancel it reaches the mesh. */
    static final class Answering extends CompletableFuture<Payload> {

        private volatile @Nullable Runnable cancelling;

        /** Of a call of the mesh: completes on the connection's loop. */
        static Answering of(Call<Payload> call, Connection from) {
            Answering answer = new Answering();
            answer.cancelling = call::cancel;
            call.reply()
                    .whenComplete(
                            (reply, failed) ->
                                    from.loop().execute(() -> answer.end(reply, failed)));
            return answer;
        }

        void cancels(CompletableFuture<?> inner) {
            cancelling = () -> inner.cancel(true);
        }

        void end(@Nullable Payload reply, @Nullable Throwable failed) {
            if (failed != null) {
                completeExceptionally(ErrorJson.refusal(failed));
            } else {
                complete(reply == null || reply.isNone() ? Payload.NULL : reply);
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean isCancelled = super.cancel(mayInterrupt);
            Runnable inner = cancelling;
            if (isCancelled && inner != null) {
                inner.run();
            }
            return isCancelled;
        }
    }
}
