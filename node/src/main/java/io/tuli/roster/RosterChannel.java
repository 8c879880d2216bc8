package io.tuli.roster;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.membership.ControlChannel;
import io.tuli.membership.ControlMessage;
import io.tuli.membership.MembershipConfig;
import io.tuli.membership.MembershipTimings;
import io.tuli.membership.Seeker;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Thrown;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel of a client, which is no member of the group: it looks for some server, links to it,
 * and believes one of the servers it has links to about who is there: the one it has longest. While
 * there is none it keeps what it knew for {@code membership.silence}, and looks. All on a thread of
 * its own; what is told from others is left there.
 */
public final class RosterChannel implements ControlChannel {

    private static final Logger LOG = LoggerFactory.getLogger(RosterChannel.class);

    private static final long LOOK_MILLIS = 250;
    private static final int REACHED_MAX = 64;

    private final MembershipConfig config;
    private final MembershipTimings timings;
    private final RosterLinks links;
    private final Member self;
    private final ScheduledThreadPoolExecutor thread;
    private final CountDownLatch hasViewed = new CountDownLatch(1);
    private final CountDownLatch isLinked = new CountDownLatch(1);
    private volatile @Nullable Seeker seeker;
    private volatile byte[] lastSaid = new ControlMessage.Ask().encode();

    // Only the own thread touches these.
    private final Map<MemberId, Source> sources = new LinkedHashMap<>();
    private final Set<InetSocketAddress> reaching = new HashSet<>();
    private @Nullable Events events;
    private @Nullable MemberId believed;
    private List<Member> told = List.of();
    private long aloneNanos = System.nanoTime();

    /** A server to which there is a link. */
    private static final class Source {
        private @Nullable List<Member> view;
    }

    /** Nothing happens before {@link #connect}. */
    public RosterChannel(MembershipConfig config, RosterLinks links, Member self) {
        this.config = config;
        this.timings = config.timings();
        this.links = links;
        this.self = self;
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("tuli-roster-" + self.name()).factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void connect(Events listener) {
        seeker = new Seeker(config, self, where -> run(() -> reach(where)));
        run(() -> events = listener);
        thread.scheduleWithFixedDelay(
                () -> guarded(this::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            if (!hasViewed.await(Durations.nanos(timings.join()), TimeUnit.NANOSECONDS)) {
                run(this::tellAlone);
                hasViewed.await(Durations.nanos(timings.joinMax()), TimeUnit.NANOSECONDS);
            }
            // Who joins asks servers next: it has links to them, unless one is slow.
            isLinked.await(Durations.nanos(timings.join()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is closed", self);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.error("The roster of {} goes on: {}", self, Thrown.text(failed), failed);
        }
    }

    // ---- looking for servers -------------------------------------------------------------------

    private void look() {
        Seeker looking = seeker;
        if (!sources.isEmpty() || looking == null) {
            return;
        }
        if (System.nanoTime() - aloneNanos > Durations.nanos(timings.silence())) {
            tellAlone();
        }
        looking.look().forEach(this::reach);
        told.stream()
                .filter(Member::isServer)
                .map(known -> new InetSocketAddress(known.host(), known.port()))
                .filter(where -> !where.isUnresolved())
                .forEach(this::reach);
        if (reaching.isEmpty() && !looking.asksTheNetwork()) {
            tellIfNothing();
        }
    }

    private void reach(InetSocketAddress where) {
        if (sources.isEmpty() && reaching.size() < REACHED_MAX && reaching.add(where)) {
            links.reach(where, how -> run(() -> reached(where, how)));
        }
    }

    private void reached(InetSocketAddress where, Optional<Refused> how) {
        reaching.remove(where);
        Seeker looking = seeker;
        if (how.isPresent() && looking != null) {
            Refusal refusal = how.get().refusal();
            looking.failed(where, refusal);
            if (reaching.isEmpty() && !looking.asksTheNetwork()) {
                tellIfNothing();
            }
        }
    }

    /** Who has looked everywhere and found nobody does not wait. */
    private void tellIfNothing() {
        if (hasViewed.getCount() > 0 && sources.isEmpty()) {
            tellAlone();
        }
    }

    private void tellAlone() {
        if (believed == null && !told.equals(List.of(self))) {
            tell(List.of());
        }
    }

    private void tell(List<Member> view) {
        List<Member> all = new ArrayList<>(view);
        all.removeIf(member -> member.id().equals(self.id()));
        all.add(self);
        told = List.copyOf(all);
        Events listener = events;
        if (listener != null) {
            listener.viewed(told);
        }
        hasViewed.countDown();
        lookAtLinks();
    }

    private void lookAtLinks() {
        boolean areAll =
                told.stream()
                        .filter(Member::isServer)
                        .allMatch(server -> sources.containsKey(server.id()));
        if (areAll && hasViewed.getCount() == 0) {
            isLinked.countDown();
        }
    }

    // ---- what links tell -----------------------------------------------------------------------

    /** There is a link to a server. */
    public void linkUp(Member server) {
        run(
                () -> {
                    sources.put(server.id(), new Source());
                    say(server.id(), new ControlMessage.Ask().encode());
                    say(server.id(), lastSaid);
                    lookAtLinks();
                });
    }

    /** The link is gone. */
    public void linkDown(MemberId server) {
        run(
                () -> {
                    sources.remove(server);
                    if (server.equals(believed)) {
                        believed = null;
                        believeAnother();
                    }
                    if (sources.isEmpty()) {
                        aloneNanos = System.nanoTime();
                    }
                });
    }

    private void believeAnother() {
        for (Map.Entry<MemberId, Source> each : sources.entrySet()) {
            List<Member> view = each.getValue().view;
            if (view != null) {
                believed = each.getKey();
                tell(view);
                return;
            }
        }
    }

    /** A server tells who is there. */
    public void heard(MemberId from, Frame.Roster frame) {
        run(
                () -> {
                    Source source = sources.get(from);
                    Events listener = events;
                    if (source == null || listener == null) {
                        return;
                    }
                    switch (RosterMessage.decode(frame.content())) {
                        case RosterMessage.View(List<Member> members) ->
                                viewed(from, source, members);
                        case RosterMessage.Said(byte[] message) -> listener.received(from, message);
                        case RosterMessage.Relayed(MemberId of, byte[] message) -> {
                            if (!sources.containsKey(of)) { // else it says so itself
                                listener.received(of, message);
                            }
                        }
                    }
                });
    }

    private void viewed(MemberId from, Source source, List<Member> members) {
        source.view = members;
        if (believed == null) {
            believed = from;
        }
        if (from.equals(believed)) {
            tell(members);
        }
    }

    // ---- what the member says ------------------------------------------------------------------

    @Override
    public void send(MemberId to, byte[] message) {
        say(to, message);
    }

    @Override
    public void sendToAll(byte[] message) {
        lastSaid = message.clone();
        run(() -> sources.keySet().forEach(server -> say(server, message)));
    }

    private void say(MemberId server, byte[] message) {
        links.send(server, new Frame.Uses(Payload.opaque(message)));
    }

    @Override
    public boolean hasMetStrangers() {
        Seeker looking = seeker;
        return looking != null && looking.hasMetStrangers();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        Seeker looking = seeker;
        seeker = null;
        if (looking != null) {
            looking.close();
        }
    }
}
