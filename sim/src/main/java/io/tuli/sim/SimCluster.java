package io.tuli.sim;

import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.ServiceConfig;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of one mesh in one thread, from one seed, in virtual time: the real core, the real
 * caller, the real frames; network, membership and clock are simulated, with faults. Two runs of a
 * seed are the same to the byte. After each step the invariants of the protocol are checked; a
 * breach throws an {@link AssertionError} that names the seed.
 *
 * <pre>{@code
 * SimCluster.forEachSeed(20, cluster -> {
 *     cluster.everywhere(Counters.config()).servers(3);
 *     SimService<Long> counters = cluster.client().service(Counters.config());
 *     cluster.awaitConvergence(Duration.ofSeconds(30));
 *
 *     SimCall<Long> first = counters.send(Message.of("COUNT").key("visits"), Long.class);
 *     cluster.run(Duration.ofMillis(1));
 *     cluster.kill(counters.ownerOf("visits"));
 *
 *     assertThat(first.reply()).isEqualTo(1);
 *     cluster.awaitConvergence(Duration.ofSeconds(30));
 * });
 * }</pre>
 *
 * <p>Nothing happens but while virtual time passes: in {@link #run}, {@link #await} and {@link
 * SimCall#reply}. For runs to be the same, handlers must be deterministic, too: no clocks, threads
 * or randomness of their own. One thread.
 */
public final class SimCluster {

    private final Cluster inside;
    private final Map<MemberId, SimMember> known = new HashMap<>();

    public SimCluster(long seed) {
        this(seed, Limits.defaults());
    }

    public SimCluster(long seed, Limits limits) {
        this.inside = new Cluster(seed, limits);
    }

    /**
     * Runs a test on a fresh cluster for each of so many seeds. {@code -Dtuli.seed=42} runs it for
     * that seed alone; where it fails, the error says which that is.
     */
    public static void forEachSeed(int seeds, Consumer<SimCluster> test) {
        Long only = Long.getLong("tuli.seed");
        long first = only == null ? 1 : only;
        for (long seed = first; seed < first + (only == null ? seeds : 1); seed++) {
            try {
                test.accept(new SimCluster(seed));
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError(
                        "seed " + seed + " fails; run it alone with -Dtuli.seed=" + seed, failed);
            }
        }
    }

    // ---- settings ------------------------------------------------------------------------------

    /** The share of messages, 0 to 1, whose handler takes up to 30 ms. */
    public SimCluster slowHandlers(double share) {
        inside.slowHandlers(share);
        return this;
    }

    /** How long a frame takes at most, unless its link is slow; 800 microseconds unless said. */
    public SimCluster latency(Duration slowest) {
        inside.latency(slowest);
        return this;
    }

    /**
     * The share of calls, 0 to 1, made a second time soon after by the same member and with the
     * same id, as one does who doubts.
     */
    public SimCluster duplicate(double share) {
        inside.duplicate(share);
        return this;
    }

    /** Tells the listener in a line each what happens from now on: for a seed that fails. */
    public SimCluster narrate(Consumer<String> listener) {
        inside.narrate(listener);
        return this;
    }

    // ---- members -------------------------------------------------------------------------------

    /** A new member that may own partitions of the services it opens. */
    public SimMember server() {
        return known(inside.server());
    }

    /** A new member that owns nothing. */
    public SimMember client() {
        return known(inside.client());
    }

    /** So many new members that may own partitions of the services they open. */
    public List<SimMember> servers(int count) {
        return inside.servers(count).stream().map(this::known).toList();
    }

    /** So many new members that own nothing. */
    public List<SimMember> clients(int count) {
        return inside.clients(count).stream().map(this::known).toList();
    }

    /**
     * Every server serves it from now on, every client uses it; later ones from their beginning.
     */
    public SimCluster everywhere(ServiceConfig<?> config) {
        inside.everywhere(config);
        return this;
    }

    /** All that are alive, in the order they joined. */
    public List<SimMember> members() {
        return inside.members().stream().map(this::known).toList();
    }

    /** The living servers, in the order they joined. */
    public List<SimMember> servers() {
        return inside.servers().stream().map(this::known).toList();
    }

    // ---- faults --------------------------------------------------------------------------------

    /** {@code kill -9}: gone at once; the others are told when failure detection would. */
    public void kill(SimMember member) {
        inside.kill(inside(member));
    }

    /**
     * Kills it, and starts it again so much later: the same node and services, a new incarnation
     * that remembers nothing but what of {@linkplain ServiceConfig#durable() durable} services was
     * on its disk. Where all are restarted they go on once those are back who had it last.
     */
    public void restart(SimMember member, Duration after) {
        inside.restart(inside(member), after);
    }

    /** A graceful leave: hands over first, and is gone some time later. */
    public void leave(SimMember member) {
        inside.leave(inside(member));
    }

    /** SIGSTOP for so long. From 4.7 s on the others take the member for dead, until it is back. */
    public void pause(SimMember member, Duration time) {
        inside.pause(inside(member), time);
    }

    /** Breaks the link of two members; it comes back by itself. */
    public void reset(SimMember a, SimMember b) {
        inside.reset(inside(a), inside(b));
    }

    /** Nothing gets through between the two for so long; both are seen by everybody. */
    public void cut(SimMember a, SimMember b, Duration time) {
        inside.cut(inside(a), inside(b), time);
    }

    /** What one sends the other arrives, in order, only after so long. */
    public void clog(SimMember from, SimMember to, Duration time) {
        inside.clog(inside(from), inside(to), time);
    }

    /** Their link carries so many bytes a second until {@link #heal}. */
    public void slow(SimMember a, SimMember b, int bytesPerSecond) {
        inside.slow(inside(a), inside(b), bytesPerSecond);
    }

    /**
     * Splits the network between these and all others for so long. Each side forms its own view 4.5
     * s later, and the views merge some time after the split has ended.
     */
    public void partition(List<SimMember> side, Duration time) {
        inside.partition(side.stream().map(member -> Cluster.known(inside(member))).toList(), time);
    }

    /** Sets the member's wall clock ahead by so much, or behind: it stays so. */
    public void skew(SimMember member, Duration ahead) {
        inside.skew(inside(member), ahead);
    }

    /** Ends all faults. */
    public void heal() {
        inside.heal();
    }

    // ---- the run -------------------------------------------------------------------------------

    /** Lets so much virtual time pass. */
    public void run(Duration time) {
        inside.run(time);
    }

    /**
     * Lets virtual time pass until the condition holds.
     *
     * @throws AssertionError when it does not within so much of it
     */
    public void await(String what, BooleanSupplier condition, Duration within) {
        inside.await(what, condition, within);
    }

    /**
     * Lets virtual time pass until all members agree on who serves what, every replica of every
     * service is in sync and all are equal.
     */
    public void awaitConvergence(Duration within) {
        inside.awaitConvergence(within);
    }

    /** What differs between members that should all hold the same; null if nothing does. */
    public @Nullable String divergence() {
        return inside.divergence();
    }

    public long seed() {
        return inside.seed();
    }

    /** Virtual time since the beginning. */
    public Duration now() {
        return inside.now();
    }

    /** Equal in two runs of one seed, in any JVM. */
    public long traceHash() {
        return inside.traceHash();
    }

    // ---- as members are known outside ----------------------------------------------------------

    /** The same object for the same member, also when it is dead. */
    SimMember known(ClusterMember member) {
        return known.computeIfAbsent(member.id(), id -> new SimMember(this, member));
    }

    /** The living one of that identity; null if there is none. */
    @Nullable SimMember living(@Nullable MemberId id) {
        ClusterMember member = id == null ? null : inside.member(id);
        return member == null ? null : known(member);
    }

    /** A key has no owner before members have met: whoever needs one says so. */
    private static @Nullable ClusterMember inside(@Nullable SimMember member) {
        return member == null ? null : member.inside();
    }
}
