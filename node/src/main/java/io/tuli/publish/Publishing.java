package io.tuli.publish;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.TuliException;
import io.tuli.interest.PublishCore;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Publication;
import io.tuli.secret.Role;
import io.tuli.spin.MeshFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    private static final long LOOK_AGAIN_NANOS = 2_000_000;

    private final Setting setting;
    private final ReentrantLock lock = new ReentrantLock();
    private final PublishCore core;
    private final Map<Integer, Topic> topics = new ConcurrentHashMap<>();
    private final Set<RunningEvents> running = ConcurrentHashMap.newKeySet();

    /** Feeds that are not ready, and the version of interest they need. Under the lock. */
    private final Map<RunningEvents, Long> waiting = new HashMap<>();

    private volatile boolean isClosed;

    /**
     * What it needs.
     *
     * @param role what this member may do
     */
    public record Setting(Role role, Codec codec, Limits limits, Consumer<MeshEvent> listeners) {}

    public Publishing(Setting setting, PublishCore.Setting member, PublishCore.Ports links) {
        this.setting = setting;
        this.core = new PublishCore(member, links);
    }

    Setting setting() {
        return setting;
    }

    void tell(MeshEvent event) {
        setting.listeners().accept(event);
    }

    /** What is published of a service. */
    public Topic topic(String name, int number) {
        return topics.computeIfAbsent(
                number, id -> new Topic(this, name, id, locked(() -> core.routes(id))));
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
        if (ticket != null) {
            core.unsubscribe(ticket, System.nanoTime());
        }
    }

    /** Whether some are ready that were not. */
    private void look() {
        List<RunningEvents> ready = new ArrayList<>();
        locked(
                () ->
                        waiting.entrySet()
                                .removeIf(
                                        each -> {
                                            boolean isReady = core.isKnown(each.getValue());
                                            if (isReady) {
                                                ready.add(each.getKey());
                                            }
                                            return isReady;
                                        }));
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
        locked(() -> core.linkUp(member, isToServer, System.nanoTime()));
    }

    public void linkDown(MemberId member) {
        locked(() -> core.linkDown(member, System.nanoTime()));
        look();
    }

    /** These servers are there. */
    public void present(Collection<MemberId> servers) {
        locked(() -> core.present(servers));
        look();
    }

    /** The member is gone. */
    public void gone(MemberId member) {
        locked(() -> core.forget(member, System.nanoTime()));
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
