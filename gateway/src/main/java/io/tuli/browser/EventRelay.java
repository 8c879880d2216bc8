package io.tuli.browser;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.channels.ChannelIndex;
import io.tuli.channels.ChannelRules;
import io.tuli.engine.Packet;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.PayloadJson;
import io.tuli.socketio.SocketClient;
import io.tuli.wall.Wall;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Committed events of exposed services on their way to sessions: each is encoded once, and handed
 * to each loop once, which finds its hearers by their channels. Whoever falls behind is cut off by
 * its session; a loop that falls behind holds up the feeds, which wait in the changelog.
 */
final class EventRelay implements AutoCloseable {

    /** So many events are on their way to the loops at most. */
    private static final int UNTOLD_MAX = 512;

    private static final long TICK_MILLIS = 500;

    private final ChannelRules rules;
    private final Wall wall = new Wall("an event on its way to clients of a gateway");
    private final Map<EventExecutor, LoopSide> loops = new ConcurrentHashMap<>();
    private final Map<Exposed, Feed.Subscription> feeds = new ConcurrentHashMap<>();
    private final Semaphore untold = new Semaphore(UNTOLD_MAX);
    private volatile boolean isClosed;
    private @Nullable AutoCloseable listening;

    EventRelay(ChannelRules rules) {
        this.rules = rules;
    }

    // ---- what is told --------------------------------------------------------------------------

    /** From now on events of what is exposed are told, and of what comes later. */
    void follow(Exposures exposures) {
        listening =
                exposures.listen(
                        new Exposures.Listener() {
                            @Override
                            public void appeared(Exposed exposed) {
                                if (exposed.hasDocuments()) {
                                    feeds.computeIfAbsent(exposed, each -> feed(each));
                                }
                            }

                            @Override
                            public void gone(Exposed exposed) {
                                // Its feed stays: when it is there again, nothing is missed.
                            }
                        });
    }

    private Feed.Subscription feed(Exposed exposed) {
        return exposed.service()
                .feed()
                .events()
                .each(change -> wall.run(() -> tell(exposed, change)));
    }

    private void tell(Exposed exposed, Change change) {
        String path = exposed.path();
        if (change.kind() != Change.Kind.EVENT || isClosed || loops.isEmpty()) {
            return;
        }
        Set<String> channels = rules.channelsOf(path, change);
        if (channels.isEmpty()) {
            return;
        }
        byte[] json = PayloadJson.of(change.payload(), change.codec());
        Packet feathers =
                SocketClient.event(FeathersCalls.NAMESPACE, path + " " + change.event(), json);
        Packet own = SocketClient.event("/" + path, change.event(), json);
        tell(channels, new Told(exposed.service().name(), path, feathers, own));
    }

    /** An event in both forms. */
    private record Told(String service, String path, Packet feathers, Packet own) {}

    private void tell(Collection<String> channels, Told event) {
        Collection<LoopSide> sides = loops.values();
        untold.acquireUninterruptibly();
        AtomicInteger left = new AtomicInteger(sides.size() + 1);
        for (LoopSide side : sides) {
            try {
                side.loop.execute(
                        () -> {
                            side.tell(channels, event);
                            told(left);
                        });
            } catch (RejectedExecutionException closed) {
                told(left);
            }
        }
        told(left);
    }

    private void told(AtomicInteger left) {
        if (left.decrementAndGet() == 0) {
            untold.release();
        }
    }

    // ---- who hears it; on the session's loop ---------------------------------------------------

    /** A session has begun: its time passes from now on. */
    void begin(Timed session) {
        side(session).sessions.add(session);
    }

    private LoopSide side(Timed session) {
        return loops.computeIfAbsent(session.loop(), LoopSide::new);
    }

    /** A session hears what a caller hears. */
    void join(Hearer session, Caller caller) {
        side(session).index.join(session, rules.channelsOf(caller));
    }

    void end(Hearer session) {
        side(session).index.leave(session);
        endTime(session);
    }

    /** A session that hears nothing here has ended. */
    void endTime(Timed session) {
        side(session).sessions.remove(session);
    }

    @Override
    public void close() {
        isClosed = true;
        AutoCloseable open = listening;
        if (open != null) {
            try {
                open.close();
            } catch (Exception closed) {
                throw new IllegalStateException(closed);
            }
        }
        feeds.values().forEach(Feed.Subscription::close);
        loops.values().forEach(side -> side.ticking.cancel(false));
    }

    /** What is of one loop, and used by it. */
    private static final class LoopSide {

        private final EventExecutor loop;
        private final Set<Timed> sessions = new LinkedHashSet<>();
        private final ChannelIndex<Hearer> index = new ChannelIndex<>();
        private final ScheduledFuture<?> ticking;

        LoopSide(EventExecutor loop) {
            this.loop = loop;
            this.ticking =
                    loop.scheduleAtFixedRate(
                            this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void tick() {
            long now = System.nanoTime();
            for (Timed session : List.copyOf(sessions)) {
                session.tick(now);
            }
        }

        private void tell(Collection<String> channels, Told event) {
            index.hearers(
                    channels,
                    session -> {
                        if (session.mayHear(event.service())) {
                            session.tell(FeathersCalls.NAMESPACE, event.feathers());
                            session.tell("/" + event.path(), event.own());
                        }
                    });
        }
    }
}
