package io.tuli.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Links between members as TCP gives them: in order, delayed at random, and when one breaks, what
 * was on its way is lost from some point on. Every frame is encoded to bytes and decoded again.
 */
final class SimNetwork {

    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;

    private final Timeline timeline;
    private final Map<MemberId, SimMember> members = new HashMap<>();
    private final Map<Pair, Wire> wires = new HashMap<>();
    private final Map<Pair, Long> broken = new HashMap<>();
    private final Set<Pair> cut = new TreeSet<>();
    private final FrameEncoder encoder = new FrameEncoder(WireLimits.of(Limits.defaults()));
    private final FrameDecoder decoder = new FrameDecoder(WireLimits.of(Limits.defaults()));
    private long slowestMicros = 800;

    SimNetwork(Timeline timeline) {
        this.timeline = timeline;
    }

    void slowestMicros(long micros) {
        slowestMicros = micros;
    }

    void add(SimMember member) {
        members.put(member.id(), member);
    }

    /** The member is gone: its links end, which the others see a little later. */
    void remove(MemberId member) {
        members.remove(member);
        for (Pair pair : new TreeSet<>(wires.keySet())) {
            if (pair.has(member)) {
                reset(pair);
            }
        }
    }

    boolean isUp(MemberId a, MemberId b) {
        return wires.containsKey(new Pair(a, b));
    }

    /** Makes a link, unless there is one or something keeps it from being made. */
    void connect(MemberId a, MemberId b) {
        Pair pair = new Pair(a, b);
        if (wires.containsKey(pair)
                || timeline.nowNanos() < broken.getOrDefault(pair, 0L)
                || cut.contains(pair)
                || !members.containsKey(a)
                || !members.containsKey(b)) {
            return;
        }
        Wire wire = new Wire();
        wires.put(pair, wire);
        deliver(wire, a, () -> tell(a, b, true));
        deliver(wire, b, () -> tell(b, a, true));
    }

    /** Breaks a link; it can be made again at once. */
    void reset(MemberId a, MemberId b) {
        reset(new Pair(a, b));
    }

    private void reset(Pair pair) {
        Wire wire = wires.remove(pair);
        if (wire == null) {
            return;
        }
        wire.lostFrom = timeline.nowNanos() + timeline.between(0, 2 * MILLI);
        broken.put(pair, wire.lostFrom + MILLI);
        timeline.at(wire.lostFrom, () -> tell(pair.a, pair.b, false));
        timeline.at(wire.lostFrom + timeline.between(0, MILLI), () -> tell(pair.b, pair.a, false));
    }

    /** Nothing gets through between the two until {@link #heal}. */
    void cut(MemberId a, MemberId b) {
        cut.add(new Pair(a, b));
        reset(a, b);
    }

    void heal() {
        cut.clear();
    }

    private void tell(MemberId whom, MemberId about, boolean isUp) {
        SimMember member = members.get(whom);
        if (member != null) {
            if (isUp && wires.containsKey(new Pair(whom, about))) {
                member.linkUp(about);
            } else if (!isUp) {
                member.linkDown(about);
            }
        }
    }

    void send(MemberId from, MemberId to, Frame frame) {
        Wire wire = wires.get(new Pair(from, to));
        if (wire == null) {
            return;
        }
        ByteBuf bytes = Unpooled.buffer(256);
        encoder.encode(frame, bytes);
        deliver(
                wire,
                to,
                () -> {
                    SimMember receiver = members.get(to);
                    Frame arrived = decoder.next(bytes);
                    if (receiver != null
                            && arrived != null
                            && timeline.nowNanos() < wire.lostFrom) {
                        timeline.trace(bytes.writerIndex() * 31L + to.incarnation());
                        receiver.received(from, arrived);
                    }
                });
    }

    private void deliver(Wire wire, MemberId to, Runnable arrival) {
        long at = timeline.nowNanos() + timeline.between(20 * MICRO, slowestMicros * MICRO);
        long inOrder = Math.max(at, wire.lastArrival.getOrDefault(to, 0L) + 1);
        wire.lastArrival.put(to, inOrder);
        timeline.at(inOrder, arrival);
    }

    private static final class Wire {
        private final Map<MemberId, Long> lastArrival = new HashMap<>();
        private long lostFrom = Long.MAX_VALUE;
    }

    /** Two members, in the order of their identities. */
    private record Pair(MemberId a, MemberId b) implements Comparable<Pair> {

        Pair {
            if (a.compareTo(b) > 0) {
                MemberId smaller = b;
                b = a;
                a = smaller;
            }
        }

        boolean has(MemberId member) {
            return a.equals(member) || b.equals(member);
        }

        @Override
        public int compareTo(Pair other) {
            int byFirst = a.compareTo(other.a);
            return byFirst != 0 ? byFirst : b.compareTo(other.b);
        }
    }

    @Nullable SimMember member(MemberId id) {
        return members.get(id);
    }
}
