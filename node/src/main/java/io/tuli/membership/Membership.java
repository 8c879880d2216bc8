package io.tuli.membership;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.AnnouncementExchange;
import io.tuli.agreement.Confirmation;
import io.tuli.agreement.Roster;
import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import io.tuli.transport.ControlPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's membership of one mesh: who is there, and what each says it serves. Thread-safe.
 *
 * <p>One thread of its own does everything; the listener runs on it and gets every roster that is
 * newer than the one before, though not each one in between. What comes from the channel waits in
 * an inbox that holds the newest view and the newest announcement of each member, and so cannot
 * grow.
 *
 * <p>What is said when, {@link AnnouncementExchange} decides: this carries it.
 */
public final class Membership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private static final int SENDERS_MAX = 10_000;

    /** Who joins waits at most so many times {@code membership.ask} for what others announce. */
    private static final int COMPLETE_ASKS = 5;

    private final ControlChannel channel;
    private final Connecting connecting;
    private final MembershipTimings timings;
    private final Member self;
    private final Consumer<Roster> listener;
    private final ScheduledThreadPoolExecutor thread;
    private final CountDownLatch firstRoster = new CountDownLatch(1);
    private final CountDownLatch completeRoster = new CountDownLatch(1);

    private final AtomicReference<@Nullable List<Member>> view = new AtomicReference<>();
    private final Map<MemberId, Announcement> announced = new ConcurrentHashMap<>();
    private final Map<MemberId, Confirmation> confirmed = new ConcurrentHashMap<>();
    private final Set<MemberId> wanting = ConcurrentHashMap.newKeySet();
    private final Set<MemberId> asked = ConcurrentHashMap.newKeySet();
    private final Set<MemberId> garblers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isAwake = new AtomicBoolean();
    private final AtomicReference<Announcement> mine = new AtomicReference<>(Announcement.NOTHING);
    private final AtomicBoolean isMineNew = new AtomicBoolean();
    private final AtomicBoolean hasJoined = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile Roster roster = Roster.NOBODY;
    private volatile @Nullable Thread ownThread;

    /** Only the own thread touches it. */
    private final AnnouncementExchange exchange;

    /**
     * Over real sockets. Nothing happens before {@link #join}.
     *
     * @param port of a transport that is started, and outlives this membership
     */
    @SuppressWarnings("exports") // for the node, which is the only one to have a port
    public Membership(
            MembershipConfig config, ControlPort port, Member self, Consumer<Roster> listener) {
        this(group(config, port, self), config.timings(), self, listener);
    }

    /**
     * The channel over JGroups, by which servers are a group.
     *
     * @param port of a transport that is started, and outlives this channel
     */
    @SuppressWarnings("exports") // as above
    public static ControlChannel group(MembershipConfig config, ControlPort port, Member self) {
        return new JGroupsChannel(config, port, self);
    }

    /** Loads the classes a first membership needs. Nothing remains of it but those. */
    public static void load() {
        JGroupsChannel.load();
    }

    /** Over another channel: in tests, one without sockets. */
    public Membership(
            ControlChannel channel,
            MembershipTimings timings,
            Member self,
            Consumer<Roster> listener) {
        this.channel = channel;
        this.connecting = new Connecting(channel, self.name());
        this.timings = timings;
        this.self = self;
        this.listener = listener;
        this.exchange =
                new AnnouncementExchange(
                        self.id(), timings.patience(), new Outlet(), System.nanoTime());
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread own = Thread.ofPlatform().daemon().unstarted(task);
                            own.setName("tuli-membership-" + self.name());
                            ownThread = own;
                            return own;
                        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Joins the mesh; the first of a mesh founds it. When it returns the listener has had the first
     * roster, which holds at least this member, and as a rule one with what all servers announce.
     *
     * @throws TuliException UNAVAILABLE or BAD_REQUEST when it cannot, TIMEOUT when that took
     *     longer than {@code membership.join.max}, NOT_AUTHORISED when it is a client and all it
     *     found has another secret; the membership is closed then
     * @throws IllegalArgumentException the second time, and after {@link #close}
     */
    public void join() {
        Require.argument(
                !isClosed.get() && hasJoined.compareAndSet(false, true),
                "a membership joins once; to come back, make another",
                self);
        try {
            long deadline = System.nanoTime() + Durations.nanos(timings.joinMax());
            connecting.within(timings.joinMax(), new Inbox());
            long tickNanos = Durations.nanos(timings.tick());
            thread.scheduleWithFixedDelay(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
            if (!firstRoster.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new TuliException(
                        Failure.TIMEOUT,
                        "joining takes membership.join.max at most: waited for the first view of"
                                + " the mesh, limit="
                                + timings.joinMax());
            }
            requireLetIn();
            long completeNanos = COMPLETE_ASKS * Durations.nanos(timings.ask());
            if (!completeRoster.await(completeNanos, TimeUnit.NANOSECONDS)) {
                LOG.debug("{} has joined, and some servers are silent", self);
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.UNAVAILABLE, "interrupted while joining");
        } catch (TuliException e) {
            close();
            throw e;
        }
    }

    /** A client is of no use alone; a server may be the first of another mesh of that name. */
    private void requireLetIn() {
        boolean isAlone = roster.members().stream().noneMatch(Member::isServer);
        if (!self.isServer() && isAlone && channel.hasMetStrangers()) {
            throw new TuliException(
                    Failure.NOT_AUTHORISED,
                    "the mesh must let this member in: those of its name have another secret, or"
                            + " none, or its token counts no more; give theirs");
        }
    }

    /**
     * Replaces what this member says about itself. May be called before {@link #join}; a member
     * that was told nothing announces nothing.
     *
     * @throws IllegalArgumentException unless its version is higher than the one before
     */
    public void announce(Announcement announcement) {
        mine.getAndUpdate(
                before -> {
                    Require.argument(
                            announcement.version() > before.version(),
                            "an announcement's version must be > " + before.version(),
                            announcement.version());
                    return announcement;
                });
        isMineNew.set(true);
        wake();
    }

    /** The newest roster; without members before {@link #join}. */
    public Roster roster() {
        return roster;
    }

    /** How often the group has changed since this member joined it; clients are none of it. */
    public long groupViews() {
        return channel.views();
    }

    /**
     * Leaves gracefully: the others see it within milliseconds. Blocks, at most a few seconds,
     * until no thread and no socket remains. The listener is not called any more after it, unless
     * it is the listener that closes.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        thread.shutdownNow();
        connecting.close();
        if (Thread.currentThread().equals(ownThread)) {
            return;
        }
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("the listener of {} did not return; its thread remains", self);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (!isClosed.get() && isAwake.compareAndSet(false, true)) {
            run(this::emptyInbox);
        }
    }

    private void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is closed", self);
        }
    }

    private void emptyInbox() {
        isAwake.set(false);
        List<MemberId> wants = taken(wanting);
        if (isMineNew.getAndSet(false)) {
            exchange.announce(mine.get());
        }
        List<Member> newest = view.getAndSet(null);
        if (newest != null) {
            exchange.viewed(newest);
        }
        drain(announced, (from, theirs) -> exchange.announced(from, theirs, wants.remove(from)));
        wants.forEach(exchange::wanted);
        drain(confirmed, exchange::confirmed);
        taken(asked).forEach(exchange::asked);
        exchange.settle(System.nanoTime());
    }

    /** Before what they announced: that of each is there by then. */
    private static List<MemberId> taken(Set<MemberId> from) {
        List<MemberId> taken = new ArrayList<>(from);
        taken.forEach(from::remove);
        return taken;
    }

    private static <T> void drain(Map<MemberId, T> inbox, BiConsumer<MemberId, T> into) {
        for (MemberId from : List.copyOf(inbox.keySet())) {
            T message = inbox.remove(from);
            if (message != null) {
                into.accept(from, message);
            }
        }
    }

    private void publish(Roster next) {
        roster = next;
        try {
            listener.accept(next);
        } catch (RuntimeException e) {
            LOG.error("the listener of {} failed on roster {}", self, next.number(), e);
        } finally {
            firstRoster.countDown();
            if (next.isComplete()) {
                completeRoster.countDown();
            }
        }
    }

    private void tick() {
        try {
            List<MemberId> givenUp = exchange.tick(System.nanoTime());
            if (!givenUp.isEmpty()) {
                LOG.warn(
                        "{} goes on without waiting for {}: a server must confirm what it hears"
                                + " within membership.confirm={}, and these did not",
                        self,
                        givenUp,
                        timings.confirm());
            }
        } catch (RuntimeException e) {
            LOG.error("{} could not announce itself", self, e);
        }
    }

    /** What the exchange says goes to the channel as bytes, and its rosters to the listener. */
    private final class Outlet implements AnnouncementExchange.Port {

        @Override
        public void announceToAll(Announcement said, boolean isWanting) {
            channel.sendToAll(new ControlMessage.Announce(said, isWanting).encode());
        }

        @Override
        public void announce(MemberId to, Announcement said, boolean isWanting) {
            channel.send(to, new ControlMessage.Announce(said, isWanting).encode());
        }

        @Override
        public void confirm(MemberId to, Confirmation confirmation) {
            channel.send(to, new ControlMessage.Confirm(confirmation).encode());
        }

        @Override
        public void ask(MemberId to) {
            channel.send(to, new ControlMessage.Ask().encode());
        }

        @Override
        public void changed(Roster next) {
            publish(next);
        }
    }

    /** What the channel's threads put down; they never wait here. */
    private final class Inbox implements ControlChannel.Events {

        @Override
        public void viewed(List<Member> members) {
            view.set(List.copyOf(members));
            wake();
        }

        @Override
        public void received(MemberId from, byte[] message) {
            if (from.equals(self.id()) || isFull()) {
                return;
            }
            try {
                switch (ControlMessage.decode(message)) {
                    case ControlMessage.Ask() -> asked.add(from);
                    case ControlMessage.Confirm(Confirmation confirm) ->
                            confirmed.merge(
                                    from,
                                    confirm,
                                    (one, other) -> one.heard() >= other.heard() ? one : other);
                    case ControlMessage.Announce(Announcement theirs, boolean isWanting) ->
                            announced(from, theirs, isWanting);
                }
                wake();
            } catch (IllegalArgumentException e) {
                if (garblers.size() < SENDERS_MAX && garblers.add(from)) {
                    LOG.warn("{} ignores messages of {}: {}", self, from, e.getMessage());
                }
            }
        }

        private void announced(MemberId from, Announcement theirs, boolean isWanting) {
            announced.merge(
                    from, theirs, (one, other) -> one.version() >= other.version() ? one : other);
            if (isWanting) {
                wanting.add(from);
            }
        }

        private boolean isFull() {
            return announced.size() >= SENDERS_MAX
                    || confirmed.size() >= SENDERS_MAX
                    || wanting.size() >= SENDERS_MAX;
        }
    }
}
