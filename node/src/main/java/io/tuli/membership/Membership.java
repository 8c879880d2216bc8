package io.tuli.membership;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Confirmation;
import io.tuli.agreement.Roster;
import io.tuli.agreement.RosterBook;
import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
 * <p>Announcements are state: a member sends its own to all when it changes and every so often, to
 * whoever joins and to whoever asks; it asks whom it has not heard. So a lost one heals. Every
 * server confirms a new one once its own listener has had it; {@link Roster#confirmed()} tells.
 */
public final class Membership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** Nobody sends more than ten repeated announcements a second, however large the mesh. */
    private static final long REPEAT_NANOS_PER_MEMBER = 100_000_000;

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

    // Only the own thread touches what follows.
    private final RosterBook book;
    private final Map<MemberId, Patience> patience = new HashMap<>();
    private long repeatedAt = System.nanoTime();

    /** Over real sockets. Nothing happens before {@link #join}. */
    public Membership(MembershipConfig config, Member self, Consumer<Roster> listener) {
        this(new JGroupsChannel(config, self), config.timings(), self, listener);
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
        this.book = new RosterBook(self.id(), timings.confirmTicks());
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
                    "the mesh must let this member in: those of its name on this machine have"
                            + " another secret, or none; give theirs");
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
        long before = book.roster().number();
        boolean isNew = isMineNew.getAndSet(false);
        List<Member> newest = view.getAndSet(null);
        List<Member> joined = newest == null ? List.of() : book.viewed(newest);
        book.announced(self.id(), mine.get());
        drain(announced, book::announced);
        drain(confirmed, book::confirmed);
        answer(joined, isNew);
        if (book.roster().number() != before) {
            publish(book.roster());
        }
        confirm(newest != null);
    }

    private static <T> void drain(Map<MemberId, T> inbox, BiConsumer<MemberId, T> into) {
        for (MemberId from : List.copyOf(inbox.keySet())) {
            T message = inbox.remove(from);
            if (message != null) {
                into.accept(from, message);
            }
        }
    }

    private void answer(List<Member> joined, boolean isNew) {
        byte[] message = mine();
        if (isNew || joined.stream().anyMatch(m -> m.id().equals(self.id()))) {
            channel.sendToAll(message);
            repeatedAt = System.nanoTime();
        } else {
            joined.forEach(member -> asked.add(member.id()));
        }
        for (MemberId to : List.copyOf(asked)) {
            asked.remove(to);
            channel.send(to, message);
        }
    }

    private byte[] mine() {
        return new ControlMessage.Announce(mine.get(), !book.owing().isEmpty()).encode();
    }

    /**
     * Only now, for the listener knows whom we confirm. Who is not in our view yet may be in the
     * next; who is not in that will say so again.
     */
    private void confirm(boolean isViewNew) {
        for (MemberId to : List.copyOf(wanting)) {
            long heard = book.version(to);
            if (heard >= 0) {
                wanting.remove(to);
                Confirmation confirmation = new Confirmation(heard, mine.get().version());
                channel.send(to, new ControlMessage.Confirm(confirmation).encode());
            } else if (isViewNew) {
                wanting.remove(to);
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
            long now = System.nanoTime();
            repeat(now);
            ask(now);
            giveUp();
        } catch (RuntimeException e) {
            LOG.error("{} could not announce itself", self, e);
        }
    }

    private void repeat(long now) {
        long pause =
                Math.max(
                        Durations.nanos(timings.repeat()),
                        book.roster().members().size() * REPEAT_NANOS_PER_MEMBER);
        if (now - repeatedAt >= pause) {
            repeatedAt = now;
            channel.sendToAll(mine());
        }
    }

    private void ask(long now) {
        List<MemberId> owing = book.owing();
        Set<MemberId> late = new LinkedHashSet<>(book.silent());
        late.addAll(owing);
        patience.keySet().retainAll(late);
        for (MemberId member : late) {
            Patience left = patience.get(member);
            if (left == null) {
                patience.put(member, new Patience(now, Durations.nanos(timings.ask())));
            } else if (now - left.sinceNanos >= left.forNanos) {
                long next = Math.min(2 * left.forNanos, Durations.nanos(timings.repeat()));
                patience.put(member, new Patience(now, next));
                channel.send(member, new ControlMessage.Ask().encode());
                if (owing.contains(member)) {
                    channel.send(member, mine());
                }
            }
        }
    }

    private void giveUp() {
        long before = book.roster().number();
        List<MemberId> silent = book.waited();
        if (book.roster().number() != before) {
            LOG.warn(
                    "{} goes on without waiting for {}: a server must confirm what it hears within"
                            + " membership.confirm={}, and these did not",
                    self,
                    silent,
                    timings.confirm());
            publish(book.roster());
        }
    }

    /** With a member that has not announced, or not confirmed. */
    private record Patience(long sinceNanos, long forNanos) {}

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
