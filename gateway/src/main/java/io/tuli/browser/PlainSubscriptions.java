package io.tuli.browser;

import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.channels.Following;
import io.tuli.invoke.Caller;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Invocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one plain session follows: events of services, each with the place after it. Used by the
 * session's loop, but for what feeds tell.
 */
final class PlainSubscriptions {

    private static final int MAX = 16;
    private static final long STUCK_SECONDS = 30;

    private final PlainSession session;
    private final SocketContext context;
    private final Semaphore room;
    private final Map<String, Subscription> byId = new LinkedHashMap<>(2);

    /**
     * @param room for those of all sessions
     */
    PlainSubscriptions(PlainSession session, SocketContext context, Semaphore room) {
        this.session = session;
        this.context = context;
        this.room = room;
    }

    /**
     * Begins one, and answers once it has.
     *
     * @throws Refusal where it cannot begin
     */
    void begin(PlainFrame frame, PlainSession.Answered answer) {
        String id = String.valueOf(frame.id());
        String path = Invocation.stripped(frame.text("subscribe"));
        Object key = FeathersCalls.idOf(frame.value("key"));
        String after = frame.value("after") == null ? "" : frame.text("after");
        if (byId.size() >= MAX) {
            throw Refusal.tooManyRequests("a connection has at most " + MAX + " subscriptions");
        }
        if (!room.tryAcquire()) {
            throw Refusal.unavailable("There is no room for another subscription");
        }
        Subscription begun =
                new Subscription(id, path, key == null ? null : String.valueOf(key), answer);
        byId.put(id, begun);
        CompletableFuture<Payload> permitted = context.invoker().permit(find(path));
        permitted.whenComplete(
                (allowed, failed) -> {
                    if (failed == null) {
                        begun.follow(after);
                    } else {
                        begun.fail(ErrorJson.refusal(failed));
                    }
                });
    }

    /** Whoever may find what is there may hear what is told of it. */
    private Invocation find(String path) {
        return new Invocation(
                session.connection(),
                session.caller(),
                new Invocation.Target(path, Resource.FIND, null),
                null,
                Invocation.Asked.of(new LinkedHashMap<>()));
    }

    /**
     * Ends the one that a frame names.
     *
     * @throws Refusal 404 where there is none
     */
    void end(PlainFrame frame) {
        String id;
        try {
            id = PlainFrame.id(frame.value("unsubscribe"));
        } catch (IllegalArgumentException none) {
            throw Refusal.badRequest("unsubscribe has the id of a subscription");
        }
        Subscription known = byId.get(id);
        if (known == null || !known.isTold) {
            throw Refusal.notFound("There is no subscription with this id");
        }
        known.end();
    }

    /** The session is somebody else's: what it may hear is looked at again. */
    void became(Caller caller) {
        for (Subscription each : List.copyOf(byId.values())) {
            each.became(caller);
        }
    }

    /** The client has read what it was told. */
    void goOn() {
        byId.values().forEach(Subscription::goOn);
    }

    void close() {
        List.copyOf(byId.values()).forEach(Subscription::end);
    }

    /** One of them. */
    private final class Subscription implements Following.Sink {

        private final String id;
        private final String path;
        private final @Nullable String key;
        private final PlainSession.Answered answer;
        private final CountDownLatch isOpen = new CountDownLatch(1);

        /** One event is on its way at a time. */
        private final Semaphore turn = new Semaphore(1);

        private @Nullable Following following;
        private boolean isTold;
        private boolean isOver;
        private boolean isWaiting;

        Subscription(String id, String path, @Nullable String key, PlainSession.Answered answer) {
            this.id = id;
            this.path = path;
            this.key = key;
            this.answer = answer;
        }

        void follow(String after) {
            Exposed exposed = context.exposures().find(path).orElse(null);
            if (exposed == null) {
                fail(Refusal.unavailable("Nobody serves it any more"));
                return;
            }
            if (isOver) {
                return;
            }
            Following begun =
                    new Following(
                            exposed,
                            key,
                            context.rules(),
                            context.rules().channelsOf(session.caller()),
                            this);
            following = begun;
            Thread.ofVirtual()
                    .name("tuli-gateway-events")
                    .start(
                            () -> {
                                Refusal refusal = begun.begin(after);
                                session.run(() -> opened(begun, refusal));
                            });
        }

        private void opened(Following begun, @Nullable Refusal refusal) {
            if (isOver) {
                begun.close();
                return;
            }
            if (refusal != null) {
                fail(refusal);
                return;
            }
            answer.keep();
            isTold = true;
            session.succeed(
                    answer, context.invoker().codec().encode(Map.of("after", begun.place())));
            if (begun.isReset()) {
                session.send(PlainFrame.frame(id, PlainFrame.reset(begun.place())));
            }
            isOpen.countDown();
            begun.onEnded(() -> session.run(this::feedEnded));
        }

        private void feedEnded() {
            fail(Refusal.unavailable("Nobody tells of it any more"));
        }

        /** It cannot be, or be any more. */
        void fail(Refusal refusal) {
            if (isOver) {
                return;
            }
            end();
            if (isTold) {
                byte[] why = ErrorJson.bytes(refusal, context.invoker().codec());
                session.send(PlainFrame.frame(id, PlainFrame.error(why)));
            } else {
                session.fail(answer, refusal);
            }
        }

        void end() {
            if (isOver) {
                return;
            }
            isOver = true;
            byId.remove(id);
            if (isTold) {
                session.release(id);
            }
            room.release();
            isOpen.countDown();
            turn.release();
            Following begun = following;
            if (begun != null) {
                begun.close();
            }
        }

        void became(Caller caller) {
            Following begun = following;
            if (begun != null) {
                begun.channels(context.rules().channelsOf(caller));
            }
            context.invoker()
                    .permit(find(path))
                    .whenComplete(
                            (allowed, failed) -> {
                                if (failed != null) {
                                    fail(ErrorJson.refusal(failed));
                                }
                            });
        }

        // ---- on the feed's thread --------------------------------------------------------------

        @Override
        public void event(String name, String place, byte[] json) throws InterruptedException {
            tell(PlainFrame.event(name, place, json));
        }

        @Override
        public void reset(String place) throws InterruptedException {
            tell(PlainFrame.reset(place));
        }

        private void tell(byte[] said) throws InterruptedException {
            if (isOpen.await(STUCK_SECONDS, TimeUnit.SECONDS)
                    && turn.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
                session.run(() -> told(said));
            } else {
                session.run(this::stuck);
            }
        }

        private void stuck() {
            if (!isOver) {
                session.close(PlainSession.POLICY, PlainSession.UNREAD);
            }
        }

        private void told(byte[] said) {
            if (isOver) {
                turn.release();
            } else {
                isWaiting = true;
                session.send(PlainFrame.frame(id, said));
                goOn();
            }
        }

        void goOn() {
            if (isWaiting && session.hasRead()) {
                isWaiting = false;
                turn.release();
            }
        }
    }
}
