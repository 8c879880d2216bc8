package io.tuli.publish;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.interest.LastValues;
import io.tuli.interest.PublishCore;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Publication;
import io.tuli.secret.Role;
import io.tuli.spin.MeshFuture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that one member publishes and listens to. Thread-safe: publishers come on threads of their
 * own, frames on the loops of their links; one lock guards the core, and is held for a moment.
 * Futures complete on virtual threads.
 */
public final class Publishing implements AutoCloseable {

    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAGE_BYTES = 64 << 10;
    private static final long LOOK_AGAIN_NANOS = 2_000_000;

    private final Setting setting;
    private final ReentrantLock lock = new ReentrantLock();
    private final PublishCore core;
    private final MemberId self;
    private final Map<Integer, Topic> topics = new ConcurrentHashMap<>();
    private final Set<RunningEvents> running = ConcurrentHashMap.newKeySet();

    /** Feeds that are not ready, and the version of interest they need. Under the lock. */
    private final Map<RunningEvents, Long> waiting = new HashMap<>();

    /** Of the feeds that begin with what is kept. Under the lock. */
    private final Map<RunningEvents, LastFetch> fetching = new LinkedHashMap<>();

    /** Under the lock. */
    private Set<MemberId> servers = Set.of();

    private long keptMicros;
    private volatile boolean isClosed;

    /**
     * What it needs.
     *
     * @param role what this member may do
     */
    public record Setting(
            Role role, Codec codec, Limits limits, Consumer<MeshEvent> listeners, Asking asking) {}

    /** Asks other members for what they keep. */
    @FunctionalInterface
    public interface Asking {

        /**
         * Asks, and waits for the answer.
         *
         * @throws TuliException where there is none
         */
        Payload ask(MemberId member, int service, Payload question);
    }

    public Publishing(Setting setting, PublishCore.Setting member, PublishCore.Ports links) {
        this.setting = setting;
        this.self = member.self();
        this.core = new PublishCore(member, links);
    }

    Setting setting() {
        return setting;
    }

    void tell(MeshEvent event) {
        setting.listeners().accept(event);
    }

    /** What is published of a service. */
    public Topic topic(String name, int number, Codec codec) {
        return topics.computeIfAbsent(
                number, id -> new Topic(this, name, id, locked(() -> core.routes(id)), codec));
    }

    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    // ---- publishing ----------------------------------------------------------------------------

    @Nullable Boolean isWanted(Topic topic, String subject) {
        requireOpen(topic);
        if (setting.role() == Role.READ_ONLY) {
            throw new TuliException(
                    Failure.NOT_AUTHORISED,
                    "who may only read publishes nothing: role="
                            + setting.role().text()
                            + "; join in a role that may, if your credentials are for one");
        }
        lock.lock();
        try {
            return topic.routes().isWanted(subject);
        } finally {
            lock.unlock();
        }
    }

    int publish(Topic topic, Publication publication) {
        lock.lock();
        try {
            return core.publish(topic.routes(), publication);
        } finally {
            lock.unlock();
        }
    }

    CompletableFuture<Integer> publish(Topic topic, Publication publication, int withinMillis) {
        CompletableFuture<Integer> heardBy = new MeshFuture<>();
        locked(
                () ->
                        core.publish(
                                topic.routes(),
                                publication,
                                withinMillis,
                                System.nanoTime(),
                                heard -> complete(() -> heardBy.complete(heard))));
        return heardBy;
    }

    /** Whoever waits may do as he likes, and is under no lock and on no loop. */
    private static void complete(Runnable completion) {
        Thread.ofVirtual().name("tuli-heard").start(completion);
    }

    // ---- what is kept --------------------------------------------------------------------------

    /** Others cannot ask a client. */
    void requireKeeper(String service) {
        if (setting.role() != Role.SERVER) {
            throw new TuliException(
                    Failure.METHOD_NOT_ALLOWED,
                    "a client keeps nothing for others: join without client() to retain: service="
                            + service);
        }
    }

    /** Publishes what is kept from now on. */
    int retain(Topic topic, Publication publication) {
        lock.lock();
        try {
            requireOpen(topic);
            long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            Publication kept = publication.kept(Math.max(now, keptMicros + 1));
            topic.last().keep(kept);
            keptMicros = kept.keptMicros();
            return core.publish(topic.routes(), kept);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Another member asks for what this one keeps of a service.
     *
     * @throws TuliException BAD_REQUEST where that is no question
     */
    public Payload lastPage(int service, Payload question) {
        return LastPages.payload(lastPage(service, LastPages.Question.of(question)));
    }

    private LastValues.Page lastPage(int service, LastPages.Question question) {
        Topic topic = topics.get(service);
        return topic == null
                ? new LastValues.Page(List.of(), "")
                : locked(
                        () -> topic.last().page(question.patterns(), question.after(), PAGE_BYTES));
    }

    /** Fetches for the feeds of this member, from others and from itself. */
    private final class Source implements LastFetch.Source {
        private final int service;

        Source(Topic topic) {
            this.service = topic.number();
        }

        @Override
        public LastValues.Page page(MemberId member, LastPages.Question question) {
            return member.equals(self)
                    ? lastPage(service, question)
                    : LastPages.page(
                            service, setting.asking().ask(member, service, question.payload()));
        }

        @Override
        public void offer(RunningEvents feed, MemberId member, Publication value) {
            locked(() -> feed.offerLast(member, value));
        }

        @Override
        public @Nullable MemberId next(LastFetch fetch, MemberId done) {
            MemberId next = locked(() -> fetch.next(done));
            if (next == null) {
                look();
            }
            return next;
        }
    }

    /** Under the lock: whoever is there is asked once it knows what the feed wants. */
    private void fetch(Topic topic, RunningEvents feed) {
        LastFetch fetch = new LastFetch(feed, core.wantedVersion(), new Source(topic));
        for (MemberId server : servers) {
            if (!server.equals(self) || feed.hearsOwn()) {
                fetch.await(server);
            }
        }
        fetching.put(feed, fetch);
    }

    private boolean isKnownTo(MemberId member, LastFetch fetch) {
        return member.equals(self) || core.isKnownTo(member, fetch.version());
    }

    // ---- listening -----------------------------------------------------------------------------

    void subscribe(Topic topic, RunningEvents feed) {
        running.add(feed);
        boolean isWidened =
                locked(
                        () -> {
                            try {
                                requireOpen(topic);
                            } catch (TuliException closed) {
                                running.remove(feed);
                                throw closed;
                            }
                            return subscribed(topic, feed);
                        });
        if (isWidened) {
            topic.widened();
        }
        look();
    }

    private boolean subscribed(Topic topic, RunningEvents feed) {
        try {
            PublishCore.Ticket ticket =
                    core.subscribe(topic.number(), feed.plan().patterns(), feed, System.nanoTime());
            feed.ticket(ticket);
            waiting.put(feed, core.wantedVersion());
            if (feed.plan().isWithLast()) {
                fetch(topic, feed);
            }
            return ticket.isWidened();
        } catch (TuliException tooMany) {
            running.remove(feed);
            throw tooMany;
        }
    }

    void unsubscribe(RunningEvents feed) {
        running.remove(feed);
        locked(() -> left(feed));
    }

    private void left(RunningEvents feed) {
        PublishCore.Ticket ticket = feed.takeTicket();
        waiting.remove(feed);
        fetching.remove(feed);
        if (ticket != null) {
            core.unsubscribe(ticket, System.nanoTime());
        }
    }

    /** Whether some are ready that were not. */
    private void look() {
        List<RunningEvents> ready = new ArrayList<>();
        locked(
                () -> {
                    fetching.values().forEach(each -> each.look(id -> isKnownTo(id, each)));
                    waiting.forEach(
                            (feed, version) -> {
                                LastFetch fetch = fetching.get(feed);
                                boolean isThere = fetch == null || fetch.isDone();
                                if (isThere && core.isKnown(version)) {
                                    ready.add(feed);
                                }
                            });
                    ready.forEach(waiting::remove);
                });
        ready.forEach(feed -> complete(feed::becomeReady));
    }

    // ---- what the links bring ------------------------------------------------------------------

    /**
     * A frame of another member.
     *
     * @throws io.tuli.protocol.InvalidFrameException where no honest member says so
     */
    public void received(MemberId from, Frame.OfSubjects frame, long now) {
        lock.lock();
        try {
            core.received(from, frame, now);
        } finally {
            lock.unlock();
        }
        if (frame instanceof Frame.InterestKnown) {
            look();
        }
    }

    public void linkUp(MemberId member, boolean isToServer) {
        locked(
                () -> {
                    core.linkUp(member, isToServer, System.nanoTime());
                    if (isToServer) {
                        fetching.values().forEach(each -> each.await(member));
                    }
                });
    }

    public void linkDown(MemberId member) {
        locked(() -> core.linkDown(member, System.nanoTime()));
        look();
    }

    /** These servers are there. */
    public void present(Collection<MemberId> servers) {
        locked(
                () -> {
                    this.servers = Set.copyOf(servers);
                    core.present(servers);
                });
        look();
    }

    /** The member is gone. */
    public void gone(MemberId member) {
        locked(
                () -> {
                    core.forget(member, System.nanoTime());
                    fetching.values().forEach(each -> each.gone(member));
                });
        look();
    }

    /** Time has passed; come every 20 ms or so. */
    public void tick(long now) {
        lock.lock();
        try {
            core.tick(now);
        } finally {
            lock.unlock();
        }
    }

    // ---- the end -------------------------------------------------------------------------------

    private void requireOpen(Topic topic) {
        if (isClosed) {
            throw new TuliException(
                    Failure.CLOSED, "this member has left the mesh, and hears nothing: join again");
        }
        topic.requireOpen();
    }

    /**
     * Wants nothing any more, lets consumers finish what they have, but not for long, and ends all
     * feeds.
     */
    @Override
    public void close() {
        isClosed = true;
        end(List.copyOf(running));
        locked(core::close);
    }

    /** The same of one service, which may be had again. */
    public void close(int service) {
        Topic topic = topics.remove(service);
        if (topic != null) {
            locked(
                    () -> {
                        topic.close();
                        core.release(service);
                    });
            end(running.stream().filter(feed -> feed.isOf(topic)).toList());
        }
    }

    private void end(List<RunningEvents> all) {
        locked(() -> all.forEach(this::left));
        all.forEach(RunningEvents::drain);
        long end = System.nanoTime() + DRAIN_NANOS;
        while (!all.stream().allMatch(RunningEvents::isFinished) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        for (RunningEvents feed : all) {
            if (!feed.isFinished()) {
                feed.end(null);
                feed.interrupt();
            }
        }
    }
}
