package io.tuli.roster;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.membership.ControlChannel;
import io.tuli.membership.ControlMessage;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a server: that of the group, and the links of clients that are no members of it.
 * To its member they are members like all others; the group does not notice when they come and go.
 * They are told who is there when they come and when it changes, four times a second at most, and
 * what servers announce. Thread-safe: a lock, because it is no hot path; nothing waits under it.
 */
public final class ClientsChannel implements ControlChannel {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ControlChannel group;
    private final RosterLinks links;
    private final Member self;
    private final long graceNanos;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<MemberId, Client> clients = new LinkedHashMap<>();
    private final Map<MemberId, Announced> announced = new HashMap<>();
    private List<Member> inGroup = List.of();
    private @Nullable Events events;
    private boolean isTellingDue;
    private long toldNanos;

    /** One that has said what it uses. */
    private static final class Client {

        private final Member member;
        private final boolean seesClients;
        private final Map<MemberId, Long> toldVersions = new HashMap<>();
        private List<Member> toldView = List.of();
        private boolean isGone;

        Client(Member member, boolean seesClients) {
            this.member = member;
            this.seesClients = seesClients;
        }
    }

    /** What a server has said of itself. */
    private record Announced(long version, byte[] message) {}

    /**
     * Over another channel, which this one owns.
     *
     * @param grace how long a client stays a member whose link is gone
     */
    public ClientsChannel(ControlChannel group, RosterLinks links, Member self, Duration grace) {
        this.group = group;
        this.links = links;
        this.self = self;
        this.graceNanos = Durations.nanos(grace);
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("tuli-clients-" + self.name()).factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    // ---- the group -----------------------------------------------------------------------------

    @Override
    public void connect(Events listener) {
        synchronized (this) {
            events = listener;
        }
        group.connect(new OfGroup(listener));
    }

    private final class OfGroup implements Events {

        private final Events listener;

        OfGroup(Events listener) {
            this.listener = listener;
        }

        @Override
        public void viewed(List<Member> members) {
            changed(() -> inGroup = List.copyOf(members));
        }

        @Override
        public void received(MemberId from, byte[] message) {
            heard(from, message);
            listener.received(from, message);
        }
    }

    private void changed(Runnable change) {
        synchronized (this) {
            change.run();
            Set<MemberId> present = new HashSet<>();
            inGroup.forEach(member -> present.add(member.id()));
            announced.keySet().retainAll(present);
            tellSoon();
            Events listener = events;
            if (listener != null) {
                listener.viewed(all()); // only puts it down
            }
        }
    }

    /** Servers first, then clients, those of the group before. */
    private List<Member> all() {
        List<Member> all = new ArrayList<>(inGroup);
        Set<MemberId> present = new HashSet<>();
        inGroup.forEach(member -> present.add(member.id()));
        for (Client client : clients.values()) {
            if (!present.contains(client.member.id())) {
                all.add(client.member);
            }
        }
        return all;
    }

    private synchronized void heard(MemberId from, byte[] message) {
        ControlMessage.Announce theirs = announce(message);
        boolean isOfServer =
                inGroup.stream().anyMatch(each -> each.id().equals(from) && each.isServer());
        if (theirs != null && isOfServer) {
            long version = theirs.announcement().version();
            Announced before = announced.get(from);
            if (before == null || before.version() < version) {
                byte[] plain = new ControlMessage.Announce(theirs.announcement(), false).encode();
                announced.put(from, new Announced(version, plain));
                tellSoon();
            }
        }
    }

    private static ControlMessage.@Nullable Announce announce(byte[] message) {
        try {
            return ControlMessage.decode(message) instanceof ControlMessage.Announce said
                    ? said
                    : null;
        } catch (IllegalArgumentException garbled) {
            return null; // the membership says so
        }
    }

    // ---- clients -------------------------------------------------------------------------------

    /**
     * A client has said something: with that it is a member.
     *
     * @param seesClients whether it is told of clients, too
     */
    public void used(Member client, boolean seesClients, Frame.Uses frame) {
        synchronized (this) {
            Client known = clients.get(client.id());
            if (known == null || known.isGone || !known.member.equals(client)) {
                Client come = new Client(client, seesClients);
                clients.put(client.id(), come);
                changed(() -> {});
                tell(come);
            }
            Events listener = events;
            if (listener != null) {
                listener.received(client.id(), frame.content().bytes());
            }
        }
    }

    /** Its link is gone; mostly another comes. */
    public synchronized void linkDown(MemberId client) {
        Client known = clients.get(client);
        if (known != null) {
            known.isGone = true;
            if (!thread.isShutdown()) {
                thread.schedule(() -> forget(known), graceNanos, TimeUnit.NANOSECONDS);
            }
        }
    }

    private synchronized void forget(Client gone) {
        if (clients.remove(gone.member.id(), gone)) {
            changed(() -> {});
        }
    }

    private void tellSoon() {
        if (!isTellingDue && !clients.isEmpty() && !thread.isShutdown()) {
            isTellingDue = true;
            long left = toldNanos + PAUSE.toNanos() - System.nanoTime();
            thread.schedule(this::tellAll, Math.max(0, left), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void tellAll() {
        isTellingDue = false;
        toldNanos = System.nanoTime();
        clients.values().stream().filter(each -> !each.isGone).forEach(this::tell);
    }

    /** What is new to one. */
    private void tell(Client client) {
        List<Member> view =
                client.seesClients ? all() : inGroup.stream().filter(Member::isServer).toList();
        if (!view.equals(client.toldView)) {
            client.toldView = view;
            client.toldVersions.keySet().retainAll(announced.keySet());
            send(client, new RosterMessage.View(view));
        }
        announced.forEach(
                (server, said) -> {
                    Long told = client.toldVersions.get(server);
                    if (told == null || told < said.version()) {
                        client.toldVersions.put(server, said.version());
                        send(client, new RosterMessage.Relayed(server, said.message()));
                    }
                });
    }

    private void send(Client client, RosterMessage message) {
        links.send(client.member.id(), new Frame.Roster(message.encode()));
    }

    // ---- what the member says ------------------------------------------------------------------

    @Override
    public void send(MemberId to, byte[] message) {
        Client client;
        synchronized (this) {
            client = clients.get(to);
        }
        if (client == null) {
            group.send(to, message);
        } else {
            send(client, new RosterMessage.Said(message));
        }
    }

    @Override
    public void sendToAll(byte[] message) {
        group.sendToAll(message);
        List<Client> all;
        synchronized (this) {
            all = List.copyOf(clients.values());
        }
        all.forEach(client -> send(client, new RosterMessage.Said(message)));
    }

    @Override
    public boolean hasMetStrangers() {
        return group.hasMetStrangers();
    }

    @Override
    public long views() {
        return group.views();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        group.close();
    }

    @Override
    public String toString() {
        return "channel of " + self;
    }
}
