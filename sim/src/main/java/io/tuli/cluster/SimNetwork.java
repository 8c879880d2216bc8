package io.tuli.cluster;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Links between members as TCP gives them: in order, delayed at random, and when one breaks, what
 * was on its way is lost from some point on. Every frame is encoded to bytes and decoded again. One
 * thread.
 */
public final class SimNetwork {

    private static final long MICRO = 1_000;
    private static final long MILLI = Timeline.MILLI;

    /** What a slow link takes longer for is not waited for when all is well again. */
    private static final long BACKLOG_NANOS = 5_000 * MILLI;

    private final Timeline timeline;
    private final Map<MemberId, Station> members = new HashMap<>();
    private final Map<Pair, Wire> wires = new HashMap<>();
    private final Map<Pair, Long> broken = new HashMap<>();
    private final Map<Pair, Long> slowed = new HashMap<>();
    private final Set<Pair> cut = new TreeSet<>();
    private final FrameEncoder encoder;
    private final FrameDecoder decoder;
    private final int outboxBytes;
    private long slowestMicros = 800;

    /** What is at the ends of links. */
    public interface Station {

        MemberId id();

        void linkUp(MemberId member, Wire wire);

        void linkDown(MemberId member, Wire wire);

        /** What came on the wire. */
        void received(MemberId from, Wire wire, Frame frame);

        /** There is room again in the outbox to the member. */
        void writable(MemberId member, Wire wire);

        boolean isPaused();

        /** Links are spread over so many loops. */
        int loops();
    }

    SimNetwork(Timeline timeline, Limits limits) {
        this.timeline = timeline;
        this.encoder = new FrameEncoder(WireLimits.of(limits));
        this.decoder = new FrameDecoder(WireLimits.of(limits));
        this.outboxBytes = limits.outboxBytes();
    }

    void slowestMicros(long micros) {
        slowestMicros = micros;
    }

    public void add(Station member) {
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

    // ---- links ---------------------------------------------------------------------------------

    /**
     * Makes a link, unless there is one or something keeps it from being made: a member that is
     * paused shakes no hands.
     */
    public void connect(MemberId a, MemberId b) {
        Pair pair = new Pair(a, b);
        if (wires.containsKey(pair)
                || timeline.nowNanos() < broken.getOrDefault(pair, 0L)
                || cut.contains(pair)
                || !isAwake(a)
                || !isAwake(b)) {
            return;
        }
        Wire wire = new Wire(pair, slowed.getOrDefault(pair, 0L));
        wire.toA.loop = anyLoop(members.get(pair.a));
        wire.toB.loop = anyLoop(members.get(pair.b));
        wires.put(pair, wire);
        timeline.at(arrival(wire, a, 0), () -> tellUp(a, b, wire));
        timeline.at(arrival(wire, b, 0), () -> tellUp(b, a, wire));
    }

    private boolean isAwake(MemberId id) {
        Station member = members.get(id);
        return member != null && !member.isPaused();
    }

    private int anyLoop(@Nullable Station member) {
        int loops = member == null ? 1 : member.loops();
        return loops == 1 ? 0 : (int) timeline.between(0, loops);
    }

    /** Breaks a link; it can be made again at once. */
    public void reset(MemberId a, MemberId b) {
        reset(new Pair(a, b));
    }

    private void reset(Pair pair) {
        Wire wire = wires.remove(pair);
        if (wire == null) {
            return;
        }
        wire.lostFrom = timeline.nowNanos() + timeline.between(0, 2 * MILLI);
        broken.put(pair, wire.lostFrom + MILLI);
        timeline.at(wire.lostFrom, () -> tellDown(pair.a, pair.b, wire));
        long later = wire.lostFrom + timeline.between(0, MILLI);
        timeline.at(later, () -> tellDown(pair.b, pair.a, wire));
    }

    /** What comes before it is lost may be heard on it: so it is up until then. */
    private void tellUp(MemberId whom, MemberId about, Wire wire) {
        Station member = members.get(whom);
        if (member != null && timeline.nowNanos() < wire.lostFrom) {
            member.linkUp(about, wire);
        }
    }

    private void tellDown(MemberId whom, MemberId about, Wire wire) {
        Station member = members.get(whom);
        if (member != null) {
            member.linkDown(about, wire);
        }
    }

    // ---- faults --------------------------------------------------------------------------------

    /** Nothing gets through between the two until {@link #mend} or {@link #heal}. */
    void cut(MemberId a, MemberId b) {
        cut.add(new Pair(a, b));
        reset(a, b);
    }

    boolean isCut(MemberId a, MemberId b) {
        return cut.contains(new Pair(a, b));
    }

    void mend(MemberId a, MemberId b) {
        cut.remove(new Pair(a, b));
    }

    /** What goes from one to the other stays on the way for so long, and then arrives in order. */
    void clog(MemberId from, MemberId to, long nanos) {
        Wire wire = wires.get(new Pair(from, to));
        if (wire != null) {
            wire.to(to).closedUntil = timeline.nowNanos() + nanos;
        }
    }

    /** Their link carries so few bytes a millisecond, now and when it is made again; 0 is fast. */
    void slow(MemberId a, MemberId b, long bytesPerMilli) {
        Pair pair = new Pair(a, b);
        slowed.put(pair, bytesPerMilli);
        Wire wire = wires.get(pair);
        if (wire != null) {
            wire.bytesPerMilli = bytesPerMilli;
        }
    }

    /** Ends all faults of the network: a link with much on its way is made anew. */
    void heal() {
        cut.clear();
        slowed.clear();
        long soon = timeline.nowNanos() + BACKLOG_NANOS;
        for (Wire wire : List.copyOf(wires.values())) {
            wire.bytesPerMilli = 0;
            if (Math.max(wire.toA.lastArrival, wire.toB.lastArrival) > soon) {
                reset(wire.pair);
            }
        }
    }

    // ---- frames --------------------------------------------------------------------------------

    /** Says it on the wire there is now, whoever was told of it. */
    public void send(MemberId from, MemberId to, Frame frame) {
        Wire wire = wires.get(new Pair(from, to));
        if (wire != null) {
            departure(wire, from, to, frame).run();
        }
    }

    /**
     * Puts a frame into the outbox of a wire, which it leaves when what comes back is run. What is
     * said on a wire that has broken by then is lost.
     */
    Runnable departure(Wire wire, MemberId from, MemberId to, Frame frame) {
        ByteBuf bytes = Unpooled.buffer(256);
        encoder.encode(frame, bytes);
        int length = bytes.readableBytes();
        Direction direction = wire.to(to);
        direction.queuedBytes += length;
        direction.isFull |= direction.queuedBytes >= outboxBytes;
        return () -> {
            if (!wire.isBroken()) {
                put(wire, from, to, bytes);
            }
        };
    }

    /**
     * Requires that a frame can be sent, and arrives as one.
     *
     * @throws io.tuli.TuliException when it cannot be written
     * @throws io.tuli.bytes.MalformedException when it cannot be read
     */
    public void requireFrame(Frame frame) {
        ByteBuf bytes = Unpooled.buffer(encoder.sizeAtMost(frame));
        encoder.encode(frame, bytes);
        Frame unused = decoder.next(bytes);
    }

    private void put(Wire wire, MemberId from, MemberId to, ByteBuf bytes) {
        int length = bytes.readableBytes();
        timeline.at(
                arrival(wire, to, length),
                () -> {
                    emptied(wire, from, to, length);
                    Station receiver = members.get(to);
                    if (receiver != null && timeline.nowNanos() < wire.lostFrom) {
                        timeline.trace(checksum(bytes) * 31L + to.incarnation());
                        Frame arrived = decoder.next(bytes);
                        if (arrived != null) {
                            receiver.received(from, wire, arrived);
                        }
                    }
                });
    }

    /** There is room again in the sender's outbox. */
    private void emptied(Wire wire, MemberId from, MemberId to, int bytes) {
        Direction direction = wire.to(to);
        direction.queuedBytes -= bytes;
        if (direction.isFull && direction.queuedBytes <= outboxBytes / 2) {
            direction.isFull = false;
            Station sender = members.get(from);
            if (sender != null) {
                sender.writable(to, wire);
            }
        }
    }

    /** Of all the bytes there is room for: those behind the frame are zero. */
    private static long checksum(ByteBuf bytes) {
        return bytes.writerIndex() * 31L + Arrays.hashCode(bytes.array());
    }

    private long arrival(Wire wire, MemberId to, int bytes) {
        Direction direction = wire.to(to);
        long now = timeline.nowNanos();
        long at = now + timeline.between(20 * MICRO, slowestMicros * MICRO);
        long carried =
                wire.bytesPerMilli == 0
                        ? 0
                        : Math.max(now, direction.lastArrival) + bytes * MILLI / wire.bytesPerMilli;
        long open = Math.max(Math.max(at, direction.closedUntil), carried);
        direction.lastArrival = Math.max(open, direction.lastArrival + 1);
        return direction.lastArrival;
    }

    /** One link while it lasts: the next one between the two is another. */
    public static final class Wire {
        private final Pair pair;
        private final Direction toA = new Direction();
        private final Direction toB = new Direction();
        private long bytesPerMilli;
        private long lostFrom = Long.MAX_VALUE;

        private Wire(Pair pair, long bytesPerMilli) {
            this.pair = pair;
            this.bytesPerMilli = bytesPerMilli;
        }

        /** Whether there is room in the outbox: a break is seen later. */
        boolean isWritable(MemberId to) {
            return !to(to).isFull;
        }

        /** The loop of the member at that end which serves the link. */
        int loopAt(MemberId member) {
            return to(member).loop;
        }

        boolean isBroken() {
            return lostFrom < Long.MAX_VALUE;
        }

        private Direction to(MemberId member) {
            return member.equals(pair.a) ? toA : toB;
        }
    }

    /** One way of a link, and the loop at its end. */
    private static final class Direction {
        private int loop;
        private long lastArrival;
        private long closedUntil;
        private long queuedBytes;
        private boolean isFull;
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
}
