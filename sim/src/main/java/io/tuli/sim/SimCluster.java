package io.tuli.sim;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.protocol.Decision;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * N members of one mesh in one thread, from one seed, in virtual time. Two runs of a seed are the
 * same to the byte. One thread.
 */
public final class SimCluster {

    static final long MILLI = 1_000_000;

    private final long seed;
    private final Timeline timeline;
    private final SimNetwork network;
    private final Invariants invariants;
    private final int partitions;
    private final Map<MemberId, SimMember> members = new LinkedHashMap<>();
    private final List<SimMember> everyone = new ArrayList<>();
    private final List<MemberId> servers = new ArrayList<>();
    private final List<MemberId> leaving = new ArrayList<>();
    private double slowHandlers;
    private boolean maySplit;
    private final Map<MemberId, Integer> sides = new LinkedHashMap<>();
    private int deadUntold;
    private long born;

    public SimCluster(long seed, int partitions) {
        this.seed = seed;
        this.partitions = partitions;
        this.timeline = new Timeline(seed);
        this.network = new SimNetwork(timeline);
        this.invariants = new Invariants(this);
    }

    /** The share of requests whose handler takes its time. */
    public SimCluster slowHandlers(double share) {
        slowHandlers = share;
        return this;
    }

    public SimCluster slowestLinkMicros(long micros) {
        network.slowestMicros(micros);
        return this;
    }

    // ---- members -------------------------------------------------------------------------------

    public SimMember server() {
        return join(true);
    }

    public SimMember client() {
        return join(false);
    }

    private SimMember join(boolean isServer) {
        MemberId id =
                new MemberId(
                        timeline.random().nextLong(), ++born * 1000 + timeline.between(0, 1000));
        SimMember member = new SimMember(this, id, spec(isServer));
        members.put(id, member);
        everyone.add(member);
        network.add(member);
        if (isServer) {
            servers.add(id);
        }
        keepConnected(member);
        tellAll(5, 120);
        return member;
    }

    private void keepConnected(SimMember member) {
        timeline.after(
                timeline.between(MILLI, 60 * MILLI),
                () -> {
                    if (!member.isDead()) {
                        for (SimMember other : members.values()) {
                            if (other != member
                                    && !other.isDead()
                                    && (member.isServer() || other.isServer())) {
                                network.connect(member.id(), other.id());
                            }
                        }
                        keepConnected(member);
                    }
                });
    }

    /** Tells every member the ring of the moment, each after a delay of its own. */
    private void tellAll(long fromMillis, long toMillis) {
        for (SimMember member : members.values()) {
            timeline.after(
                    timeline.between(fromMillis * MILLI, toMillis * MILLI),
                    () -> {
                        if (!member.isDead()) {
                            member.ringChanged(ringSeenBy(member));
                        }
                    });
        }
    }

    private Ring ringSeenBy(SimMember member) {
        int side = sides.getOrDefault(member.id(), 0);
        return Ring.of(
                partitions,
                servers.stream().filter(id -> sides.getOrDefault(id, 0) == side).toList(),
                leaving.stream().filter(id -> sides.getOrDefault(id, 0) == side).toList());
    }

    // ---- faults --------------------------------------------------------------------------------

    /** kill -9: gone at once; the others are told when failure detection would. */
    public void kill(SimMember member) {
        deadUntold++;
        member.die();
        members.remove(member.id());
        network.remove(member.id());
        timeline.after(
                timeline.between(900 * MILLI, 2_000 * MILLI),
                () -> {
                    servers.remove(member.id());
                    leaving.remove(member.id());
                    tellAll(1, 50);
                    timeline.after(1_500 * MILLI, () -> deadUntold--);
                });
    }

    /**
     * Whether a loss now is one the promises cover: earlier ones are mended, and everything
     * committed is on two servers.
     */
    public boolean mayKill() {
        if (deadUntold > 0 || !leaving.isEmpty() || servers.size() < 3) {
            return false;
        }
        for (int partition = 0; partition < partitions; partition++) {
            if (copiesOfLatest(partition) < 2) {
                return false;
            }
        }
        return true;
    }

    private int copiesOfLatest(int partition) {
        LogPosition latest = LogPosition.START;
        for (SimMember member : members.values()) {
            LogPosition applied = member.replica(partition).applied();
            latest = applied.compareTo(latest) > 0 ? applied : latest;
        }
        int copies = 0;
        for (SimMember server : servers()) {
            copies += server.replica(partition).log().contains(latest) ? 1 : 0;
        }
        return copies;
    }

    /** A graceful leave: out of the ring first, gone when it owns nothing any more. */
    public void leave(SimMember member) {
        if (servers.size() < 2 || deadUntold > 0 || !servers.remove(member.id())) {
            return;
        }
        leaving.add(member.id());
        tellAll(1, 80);
        leaveWhenFree(member, 200);
    }

    private void leaveWhenFree(SimMember member, int looks) {
        timeline.after(
                50 * MILLI,
                () -> {
                    if (member.isDead()) {
                        return;
                    }
                    if (!member.mayLeave() && looks > 0) {
                        leaveWhenFree(member, looks - 1);
                        return;
                    }
                    member.die();
                    members.remove(member.id());
                    leaving.remove(member.id());
                    network.remove(member.id());
                    tellAll(1, 80);
                });
    }

    /** SIGSTOP for so long; too short to be noticed by the others. */
    public void pause(SimMember member, long millis) {
        member.pause();
        timeline.after(millis * MILLI, member::resume);
    }

    /** Breaks the link of two members; it comes back by itself. */
    public void reset(SimMember a, SimMember b) {
        network.reset(a.id(), b.id());
    }

    /** Nothing gets through between the two for so long; too short for membership to notice. */
    public void cut(SimMember a, SimMember b, long millis) {
        network.cut(a.id(), b.id());
        timeline.after(millis * MILLI, network::heal);
    }

    /**
     * Splits the network in two for so long: each side forms its own view when failure detection
     * has noticed, and the views merge some time after the split has ended.
     */
    public void split(List<SimMember> otherSide, long millis) {
        maySplit = true;
        Set<MemberId> apart = new HashSet<>();
        otherSide.forEach(member -> apart.add(member.id()));
        for (MemberId a : apart) {
            for (MemberId b : members.keySet()) {
                if (!apart.contains(b)) {
                    network.cut(a, b);
                }
            }
        }
        timeline.after(
                4_500 * MILLI,
                () -> {
                    apart.forEach(id -> sides.put(id, 1));
                    tellAll(1, 1_000);
                });
        timeline.after(millis * MILLI, this::join);
    }

    private void join() {
        network.heal();
        timeline.after(
                timeline.between(700 * MILLI, 3_000 * MILLI),
                () -> {
                    sides.clear();
                    tellAll(1, 300);
                });
    }

    /** SIGSTOP for so long that the others take the member for dead, until it is back. */
    public void freeze(SimMember member, long millis) {
        pause(member, millis);
        maySplit = true;
        timeline.after(
                4_700 * MILLI,
                () -> {
                    if (member.isPaused()) {
                        sides.put(member.id(), 2);
                        tellAll(1, 50);
                    }
                });
        timeline.after(millis * MILLI, this::join);
    }

    /** Ends all faults. */
    public void heal() {
        sides.clear();
        tellAll(1, 300);
        network.heal();
        members.values().forEach(SimMember::resume);
    }

    // ---- the run -------------------------------------------------------------------------------

    /** Lets so much virtual time pass. */
    public void run(long millis) {
        timeline.run(millis * MILLI);
    }

    public List<SimMember> members() {
        return List.copyOf(members.values());
    }

    public List<SimMember> servers() {
        return members.values().stream().filter(SimMember::isServer).toList();
    }

    /** The dead included: what they acknowledged may still be under way. */
    List<SimMember> serversEver() {
        return everyone.stream().filter(SimMember::isServer).toList();
    }

    public long seed() {
        return seed;
    }

    /** Equal in two runs of one seed. */
    public long traceHash() {
        return timeline.traceHash();
    }

    /** What differs between members that should all hold the same; null if nothing does. */
    public @Nullable String divergence() {
        List<SimMember> all = members();
        for (int partition = 0; partition < partitions; partition++) {
            for (SimMember member : all) {
                boolean isSame =
                        member.state(partition).digest() == all.get(0).state(partition).digest()
                                && member.replica(partition).committedEnd()
                                        == all.get(0).replica(partition).committedEnd();
                if (!isSame || !member.replica(partition).isInSync()) {
                    return "partition "
                            + partition
                            + ": "
                            + member
                            + " "
                            + member.replica(partition).report()
                            + (member.replica(partition).isInSync() ? "" : " not in sync")
                            + " / "
                            + all.get(0)
                            + " "
                            + all.get(0).replica(partition).report();
                }
            }
        }
        return null;
    }

    ServiceSpec spec() {
        return spec(true);
    }

    private ServiceSpec spec(boolean isServed) {
        return new ServiceSpec(
                ServiceSpec.numberOf("sim"), "sim", partitions, isServed, Partitioner.TOP_LEVEL);
    }

    Timeline timeline() {
        return timeline;
    }

    SimNetwork network() {
        return network;
    }

    Invariants invariants() {
        return invariants;
    }

    boolean maySplit() {
        return maySplit;
    }

    /** Built-in verbs; a share of the requests takes up to 30 ms, as a blocking handler would. */
    @Nullable Decision decide(SimMember member, Task task) {
        if (!timeline.happens(slowHandlers)) {
            return new Decision.Pass();
        }
        timeline.after(
                timeline.between(0, 30 * MILLI), () -> member.decided(task, new Decision.Pass()));
        return null;
    }
}
