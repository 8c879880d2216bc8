package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.agreement.Roster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Any number of members in one process, without sockets: a control channel that delivers at once,
 * on the caller's thread, unless it is told to lose, to hold, to split or to kill. Thread-safe.
 *
 * <p>Views have servers first, then the longest-standing, as over sockets.
 */
public final class FakeMesh {

    private final Map<MemberId, Seat> seats = new LinkedHashMap<>();
    private final Map<MemberId, Integer> sides = new HashMap<>();
    private int splits;
    private int lost;
    private boolean isHeld;
    private final List<Runnable> held = new ArrayList<>();

    /** A membership in this mesh, not yet joined. */
    public Membership membership(
            Member self, MembershipTimings timings, Consumer<Roster> listener) {
        return new Membership(channel(self), timings, self, listener);
    }

    /** The channel of one member. */
    public ControlChannel channel(Member self) {
        return new Seat(self);
    }

    /** How many have joined and are not gone. */
    public synchronized int size() {
        return seats.size();
    }

    /** Loses the next messages. */
    public synchronized void lose(int messages) {
        lost = messages;
    }

    /** From now on messages are under way until they are released; views are not. */
    public synchronized void hold() {
        isHeld = true;
    }

    /** All that was under way arrives, in the order in which it was sent. */
    public void release() {
        List<Runnable> arriving;
        synchronized (this) {
            isHeld = false;
            arriving = List.copyOf(held);
            held.clear();
        }
        arriving.forEach(Runnable::run);
    }

    /** One of those under way arrives, whichever it is; false if none is. */
    public boolean arrive(RandomGenerator random) {
        Runnable arriving;
        synchronized (this) {
            if (held.isEmpty()) {
                return false;
            }
            arriving = held.remove(random.nextInt(held.size()));
        }
        arriving.run();
        return true;
    }

    private synchronized boolean isHeld(Runnable delivery) {
        return isHeld && held.add(delivery);
    }

    /** The member is gone without a word; it hears nothing any more. */
    public void kill(MemberId member) {
        synchronized (this) {
            seats.remove(member);
        }
        tellViews();
    }

    /** These are alone from now on, and the others too. */
    public void split(List<MemberId> side) {
        synchronized (this) {
            splits++;
            side.forEach(member -> sides.put(member, splits));
        }
        tellViews();
    }

    /** All see each other again. */
    public void heal() {
        synchronized (this) {
            sides.clear();
        }
        tellViews();
    }

    private synchronized void tellViews() {
        seats.values().forEach(seat -> seat.events.viewed(view(seat)));
    }

    private List<Member> view(Seat seat) {
        List<Member> view = new ArrayList<>();
        for (Member.Role role : Member.Role.values()) {
            seats.values().stream()
                    .filter(other -> other.self.role() == role && isOneSide(seat, other))
                    .forEach(other -> view.add(other.self));
        }
        return view;
    }

    private boolean isOneSide(Seat one, Seat other) {
        return sides.getOrDefault(one.self.id(), 0).equals(sides.getOrDefault(other.self.id(), 0));
    }

    private synchronized List<Seat> receivers(Seat from) {
        if (!seats.containsKey(from.self.id())) {
            return List.of();
        }
        return seats.values().stream()
                .filter(other -> other != from && isOneSide(from, other))
                .toList();
    }

    private synchronized boolean isLost() {
        return lost > 0 && lost-- > 0;
    }

    private final class Seat implements ControlChannel {

        private final Member self;
        private volatile ControlChannel.Events events = Deaf.EVENTS;

        Seat(Member self) {
            this.self = self;
        }

        @Override
        public void connect(Events theirs) {
            events = theirs;
            synchronized (FakeMesh.this) {
                seats.put(self.id(), this);
            }
            tellViews();
        }

        @Override
        public void send(MemberId to, byte[] message) {
            receivers(this).stream()
                    .filter(seat -> seat.self.id().equals(to))
                    .forEach(seat -> deliver(seat, message));
        }

        @Override
        public void sendToAll(byte[] message) {
            receivers(this).forEach(seat -> deliver(seat, message));
        }

        private void deliver(Seat to, byte[] message) {
            Runnable delivery = () -> to.events.received(self.id(), message.clone());
            if (!isLost() && !isHeld(delivery)) {
                delivery.run();
            }
        }

        @Override
        public void close() {
            kill(self.id());
            events = Deaf.EVENTS;
        }
    }

    private enum Deaf implements ControlChannel.Events {
        EVENTS;

        @Override
        public void viewed(List<Member> members) {}

        @Override
        public void received(MemberId from, byte[] message) {}
    }
}
