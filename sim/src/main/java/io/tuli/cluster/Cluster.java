package io.tuli.cluster;

import io.tuli.Durable;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.ServiceConfig;
import io.tuli.agreement.RestartRule;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members of one mesh in one thread, from one seed, in virtual time: the core, the caller, the
 * agreement and the frames that ship; network, group channel and clock are simulated, with faults.
 * Two runs of a seed are the same to the byte. After each step the invariants of the protocol are
 * checked; a breach throws an {@link AssertionError} that names the seed. One thread.
 */
public final class Cluster {

    private static final long MILLI = Timeline.MILLI;
    private static final long SALT = 0x10_09_50L;
    private static final int LOOPS_MOST = 3;

    private final World world;
    private final Timeline timeline;
    private final SimNetwork network;
    private final Views views;
    private final Faults faults;
    private final Map<MemberId, ClusterMember> members = new LinkedHashMap<>();
    private final List<ServiceConfig<?>> everywhere = new ArrayList<>();
    private int loopsMost;
    private boolean areLimitsOwn;
    private @Nullable Durable durable;
    private long born;

    public Cluster(long seed) {
        this(seed, Limits.defaults());
    }

    public Cluster(long seed, Limits limits) {
        this.world = new World(seed, limits);
        this.timeline = world.timeline();
        this.network = world.network();
        this.views = world.views();
        this.faults = new Faults(this, timeline, network, views);
        this.loopsMost = new SplittableRandom(seed ^ SALT).nextBoolean() ? 1 : LOOPS_MOST;
    }

    // ---- settings ------------------------------------------------------------------------------

    /** Members have 1 to so many event loops; of half of the seeds all have one, unless said. */
    public Cluster loops(int most) {
        loopsMost = most;
        return this;
    }

    /** Whether each member has limits of its own, as far as members may differ in them. */
    public Cluster ownLimits(boolean isSo) {
        areLimitsOwn = isSo;
        return this;
    }

    /** How all that members serve {@link #everywhere} is kept on disk; null for not at all. */
    public Cluster durable(@Nullable Durable policy) {
        durable = policy;
        return this;
    }

    /** How many of those who had a durable service go on with it after a restart. */
    public Cluster restartRule(RestartRule rule) {
        world.restartRule(rule);
        return this;
    }

    /** The share of messages, 0 to 1, whose handler takes up to 30 ms. */
    public Cluster slowHandlers(double share) {
        world.slowHandlers(share);
        return this;
    }

    /** How long a frame takes at most, unless its link is slow; 800 microseconds unless said. */
    public Cluster latency(Duration slowest) {
        network.slowestMicros(Math.max(21, Durations.nanos(slowest) / 1_000));
        return this;
    }

    /**
     * The share of calls, 0 to 1, made a second time soon after by the same member and with the
     * same id, as one does who doubts.
     */
    public Cluster duplicate(double share) {
        world.duplicate(share);
        return this;
    }

    /** Tells the listener in a line each what happens from now on: for a seed that fails. */
    public Cluster narrate(Consumer<String> listener) {
        world.narrate(listener);
        return this;
    }

    public Cluster plant(Tampering bug) {
        world.plant(bug);
        return this;
    }

    // ---- members -------------------------------------------------------------------------------

    /** A new member that may own partitions of the services it opens. */
    public ClusterMember server() {
        return join(timeline.random().nextLong(), true);
    }

    /** A new member that owns nothing. */
    public ClusterMember client() {
        return join(timeline.random().nextLong(), false);
    }

    /** So many new members that may own partitions of the services they open. */
    public List<ClusterMember> servers(int count) {
        return Stream.generate(this::server).limit(count).toList();
    }

    /** So many new members that own nothing. */
    public List<ClusterMember> clients(int count) {
        return Stream.generate(this::client).limit(count).toList();
    }

    /**
     * The member's next life: the same node unless its disk is empty, another incarnation, the same
     * services, no memory.
     */
    void rejoin(ClusterMember dead, boolean isWiped) {
        long node = isWiped ? timeline.random().nextLong() : dead.id().node();
        ClusterMember next = join(node, dead.isServer());
        dead.services().forEach(hosted -> next.service(hosted.config));
    }

    /**
     * Every server serves it from now on, every client uses it; later ones from their beginning.
     */
    public Cluster everywhere(ServiceConfig<?> config) {
        Durable policy = durable;
        ServiceConfig<?> all =
                policy != null && !config.isStateless() ? config.durable(policy) : config;
        everywhere.add(all);
        members.values().forEach(member -> member.service(all));
        return this;
    }

    private ClusterMember join(long node, boolean isServer) {
        MemberId id = new MemberId(node, ++born * 1000 + timeline.between(0, 1000));
        ClusterMember member = new ClusterMember(world, id, isServer, loops(), limits());
        members.put(id, member);
        world.joins(member);
        keepConnected(member);
        views.joins(member.agreement());
        views.tell(5, 120);
        everywhere.forEach(member::service);
        return member;
    }

    private int loops() {
        return loopsMost == 1 ? 1 : (int) timeline.between(1, loopsMost + 1);
    }

    /** No less of anything than all have: what is promised of the least is promised of all. */
    private Limits limits() {
        Limits all = world.limits();
        if (!areLimitsOwn) {
            return all;
        }
        return all.toBuilder()
                .queuedPerPartition(all.queuedPerPartition() * (int) timeline.between(1, 4))
                .dedupPerCaller(all.dedupPerCaller() * (int) timeline.between(1, 4))
                .changelogBytes(all.changelogBytes() * (int) timeline.between(1, 4))
                .build();
    }

    private void keepConnected(ClusterMember member) {
        timeline.after(
                timeline.between(MILLI, 60 * MILLI),
                () -> {
                    if (member.isAlive()) {
                        for (ClusterMember other : members.values()) {
                            if (other != member && (member.isServer() || other.isServer())) {
                                network.connect(member.id(), other.id());
                            }
                        }
                        keepConnected(member);
                    }
                });
    }

    /** All that are alive, in the order they joined. */
    public List<ClusterMember> members() {
        return List.copyOf(members.values());
    }

    /** The living servers, in the order they joined. */
    public List<ClusterMember> servers() {
        return members.values().stream().filter(ClusterMember::isServer).toList();
    }

    // ---- faults --------------------------------------------------------------------------------

    /** {@code kill -9}: gone at once; the others are told when failure detection would. */
    public void kill(@Nullable ClusterMember member) {
        faults.kill(known(member));
    }

    /**
     * Kills it, and starts it again so much later: the same node and services, a new incarnation
     * that remembers nothing but what it has on disk.
     */
    public void restart(@Nullable ClusterMember member, Duration after) {
        faults.restart(known(member), Durations.nanos(after));
    }

    /** The power goes for all servers at once; so much later they come back, all together. */
    public void restartAll(Duration after) {
        faults.outages().restartAll(Durations.nanos(after), 0, Outages.Loss.NOTHING);
    }

    /**
     * The power goes for all servers at once; so much later they come back, in any order, the last
     * so much after that.
     */
    public void restartAll(Duration after, Duration late) {
        faults.outages()
                .restartAll(Durations.nanos(after), Durations.nanos(late), Outages.Loss.NOTHING);
    }

    /** The same, and one of them has lost its disk. */
    public void restartAllButADisk(Duration after, Duration late) {
        faults.outages()
                .restartAll(Durations.nanos(after), Durations.nanos(late), Outages.Loss.DISK);
    }

    /** The same, and one of them has what it had when its last life began. */
    public void restartAllWithAnOldDisk(Duration after, Duration late) {
        faults.outages()
                .restartAll(Durations.nanos(after), Durations.nanos(late), Outages.Loss.NEWEST);
    }

    /** Whether nobody is missed already. */
    public boolean mayRestartAll() {
        return faults.mayRestartAll();
    }

    /** Whether a server that has nothing may come: it would begin anew if nobody had begun. */
    public boolean mayJoin() {
        return faults.outages().mayJoin();
    }

    /** A graceful leave: hands over first, and is gone some time later. */
    public void leave(@Nullable ClusterMember member) {
        faults.leave(known(member));
    }

    /**
     * Closes a service at a server, drained, and serves it there again so much later. Nothing
     * happens where nobody else serves it, or somebody reads its changes there.
     */
    public void close(@Nullable ClusterMember member, ServiceConfig<?> service, Duration after) {
        known(member).close(faults, service, Durations.nanos(after));
    }

    /** SIGSTOP for so long. From 4.7 s on the others take the member for dead, until it is back. */
    public void pause(@Nullable ClusterMember member, Duration time) {
        faults.pause(known(member), Durations.nanos(time));
    }

    /** Breaks the link of two members; it comes back by itself. */
    public void reset(@Nullable ClusterMember a, @Nullable ClusterMember b) {
        network.reset(known(a).id(), known(b).id());
    }

    /** Nothing gets through between the two for so long; both are seen by everybody. */
    public void cut(@Nullable ClusterMember a, @Nullable ClusterMember b, Duration time) {
        faults.cut(known(a), known(b), Durations.nanos(time));
    }

    /** What one sends the other arrives, in order, only after so long. */
    public void clog(@Nullable ClusterMember from, @Nullable ClusterMember to, Duration time) {
        long nanos = Durations.nanos(time);
        network.clog(known(from).id(), known(to).id(), nanos);
    }

    /** Their link carries so many bytes a second until {@link #heal}. */
    public void slow(@Nullable ClusterMember a, @Nullable ClusterMember b, int bytesPerSecond) {
        int perMilli = Math.max(1, bytesPerSecond / 1_000);
        network.slow(known(a).id(), known(b).id(), perMilli);
    }

    /**
     * Splits the network between these and all others for so long. Each side forms its own view 4.5
     * s later, and the views merge some time after the split has ended.
     */
    public void partition(List<ClusterMember> side, Duration time) {
        faults.partition(side.stream().map(Cluster::known).toList(), Durations.nanos(time));
    }

    /** The member is seen by nobody for so long, and sees nobody, though all links work. */
    public void flap(ClusterMember member, Duration time) {
        faults.flap(member, Durations.nanos(time));
    }

    /** Sets the member's wall clock ahead by so much, or behind: it stays so. */
    public void skew(@Nullable ClusterMember member, Duration ahead) {
        known(member).skew(Durations.millis(ahead));
    }

    /** Ends all faults. */
    public void heal() {
        faults.heal();
    }

    // ---- the run -------------------------------------------------------------------------------

    /** Lets so much virtual time pass. */
    public void run(Duration time) {
        timeline.run(Durations.nanos(time));
    }

    /**
     * Lets virtual time pass until the condition holds.
     *
     * @throws AssertionError when it does not within so much of it
     */
    public void await(String what, BooleanSupplier condition, Duration within) {
        world.await(what, condition, within);
    }

    /**
     * Lets virtual time pass until all members agree on who serves what, every replica of every
     * service is in sync and all are equal.
     */
    public void awaitConvergence(Duration within) {
        await("all replicas are equal", () -> divergence() == null, within);
    }

    /** What differs between members that should all hold the same; null if nothing does. */
    public @Nullable String divergence() {
        return faults.isAnyClosed() ? "a service is closed at some" : world.divergence();
    }

    public long seed() {
        return world.seed();
    }

    /** Virtual time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(timeline.nowNanos());
    }

    /** Equal in two runs of one seed, in any JVM. */
    public long traceHash() {
        return timeline.traceHash();
    }

    // ---- for faults -----------------------------------------------------------------------

    /** The position at which the latest committed entry of the partition ends, wherever it is. */
    LogPosition latest(int service, int partition) {
        LogPosition latest = LogPosition.START;
        for (ClusterMember member : members.values()) {
            Hosted hosted = member.hosted(service);
            if (hosted != null) {
                LogPosition applied = hosted.replicas.get(partition).applied();
                latest = applied.compareTo(latest) > 0 ? applied : latest;
            }
        }
        return latest;
    }

    int copiesOfLatest(int service, int partition) {
        LogPosition latest = latest(service, partition);
        int copies = 0;
        for (ClusterMember server : servers()) {
            Hosted hosted = server.hosted(service);
            boolean hasIt = hosted != null && hosted.replicas.get(partition).log().contains(latest);
            copies += hasIt ? 1 : 0;
        }
        return copies;
    }

    boolean isDurable() {
        return durable != null;
    }

    /** Whom a fault is for; a key has no owner before members have met. */
    public static ClusterMember known(@Nullable ClusterMember member) {
        if (member == null) {
            throw new IllegalArgumentException(
                    "a fault is for a member: member=null; a key has no owner until members have"
                            + " met: awaitConvergence first");
        }
        return member;
    }

    /** The living member of that identity; null if it lives no more. */
    public @Nullable ClusterMember member(MemberId id) {
        return members.get(id);
    }

    void remove(ClusterMember member) {
        members.remove(member.id());
        world.ends(member);
    }

    /** Whether nobody is apart from the others just now, or on its way out. */
    public boolean maySplitNow() {
        return faults.maySplitNow();
    }

    /** Whether who leaves now can hand over: nobody is apart from the others. */
    public boolean mayLeave() {
        return !faults.isDisturbed();
    }

    public boolean mayKill() {
        return faults.mayKill();
    }

    public World world() {
        return world;
    }
}
