package io.tuli.swarm;

import io.tuli.Commit;
import io.tuli.Durable;
import io.tuli.Limits;
import io.tuli.agreement.RestartRule;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one seed's run is made of: each draws a cluster of its own, and of faults, sizes and rates a
 * random subset, because what is everywhere at once hides what happens alone.
 *
 * @param servers at the beginning, 1 to 7
 * @param clients at the beginning, 1 to 8
 * @param partitions 1 to 32
 * @param faults what may go wrong
 * @param faultEvery one fault in so many writes
 * @param writes how many
 * @param writeMillis at most so much time between two of them
 * @param kinds what they do
 * @param keys over how many keys of each kind
 * @param resends the share sent again with the same id
 * @param deadlineMillis of the shortest call
 * @param foldedInto how many partitions a service has that folds this one; 0 for none
 * @param hasOwnLimits whether members differ in their limits
 * @param events whether handlers tell events whatever the seed
 * @param isDurable whether what is written is kept on disk
 */
record SwarmPlan(
        long seed,
        int servers,
        int clients,
        int partitions,
        Limits limits,
        double slowHandlers,
        Duration latency,
        Set<Fault> faults,
        int faultEvery,
        int writes,
        int writeMillis,
        Set<Workload.Kind> kinds,
        int keys,
        double resends,
        int deadlineMillis,
        int foldedInto,
        boolean hasOwnLimits,
        boolean events,
        boolean isDurable) {

    private static final long SALT = 0x5deece66dL;
    private static final long CLOSE_SALT = 0xc105eL;

    private static final Duration SYNC_EVERY = Duration.ofSeconds(1);

    private static final long RESTART_WAIT_NANOS = 3_000_000_000L;

    /** Twice as long as a request is repeated: it may be shorter than a call lasts. */
    private static final Duration SHORT_WINDOW = Duration.ofSeconds(10);

    /** With an adversary there is as much again to do: many small clusters see more than few. */
    private static final int HOSTILE_SHARE = 3;

    static SwarmPlan of(long seed, Always always) {
        SplittableRandom random = new SplittableRandom(seed * 31 ^ SALT);
        boolean maySplit = random.nextInt(4) == 0 || always.splits();
        boolean isCalm = always.hostile() && !always.splits() && seed % 2 == 0;
        int share = always.hostile() ? HOSTILE_SHARE : 1;
        return new SwarmPlan(
                seed,
                1 + random.nextInt(7) / share,
                1 + skewed(random, 8) / share,
                1 + skewed(random, 32) / share,
                limits(random, maySplit),
                random.nextInt(3) * 0.2,
                Duration.ofNanos(1_000L * (200 + random.nextInt(5_000))),
                isCalm ? Set.of() : faults(seed, random, maySplit, always),
                6 + random.nextInt(20),
                (100 + random.nextInt(300)) / share,
                maySplit ? 150 : 20 + random.nextInt(80),
                kinds(seed, random),
                1 + random.nextInt(8),
                random.nextInt(3) == 0 ? 0 : 0.2,
                random.nextInt(4) == 0 ? 200 : 20_000,
                random.nextInt(3) == 0 || always.folds() ? 1 + skewed(random, 16) : 0,
                random.nextInt(3) == 0,
                always.events(),
                always.durable());
    }

    /** Less than {@code bound}, small ones more often. */
    private static int skewed(SplittableRandom random, int bound) {
        double draw = random.nextDouble();
        return (int) (draw * draw * bound);
    }

    private static Set<Fault> faults(
            long seed, SplittableRandom random, boolean maySplit, Always always) {
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (fault == Fault.CLOSE || fault.needsDisks()) {
                continue; // drawn apart, so that seeds that do without are what they were before
            }
            if (random.nextBoolean() && (maySplit ? !fault.kills() : !fault.splits())) {
                faults.add(fault);
            }
        }
        if (always.durable() && !maySplit) {
            faults.add(Fault.RESTART);
            faults.add(Fault.RESTART_ALL);
            faults.add(Fault.LOSE_DISK);
            faults.add(Fault.OLD_DISK);
        }
        if (always.splits()) {
            faults.add(Fault.SPLIT);
        }
        boolean mayClose = !always.hostile() && !always.durable();
        if (mayClose && new SplittableRandom(seed ^ CLOSE_SALT).nextInt(4) == 0) {
            faults.add(Fault.CLOSE);
        }
        if (isRead(seed) && !always.splits() && !always.durable()) {
            calm(seed, faults);
        }
        return faults;
    }

    /** Of the seeds that a group reads in, half let it say what it consumed, half of these soon. */
    private static void calm(long seed, EnumSet<Fault> faults) {
        if (Math.floorMod(seed, 16) == 11) {
            faults.removeIf(SwarmPlan::mayRepeat);
        }
        if (Math.floorMod(seed, 32) == 11) {
            faults.removeIf(SwarmPlan::mayDelay);
        }
    }

    private static Set<Workload.Kind> kinds(long seed, SplittableRandom random) {
        EnumSet<Workload.Kind> kinds = EnumSet.noneOf(Workload.Kind.class);
        for (Workload.Kind kind : Workload.Kind.values()) {
            if (kind != Workload.Kind.SWAP && random.nextBoolean()) {
                kinds.add(kind);
            }
        }
        if (kinds.isEmpty()) {
            return EnumSet.allOf(Workload.Kind.class);
        }
        // Drawn apart: seeds that do without it are what they were before there was that kind.
        if (new SplittableRandom(seed * SALT).nextInt(3) == 0) {
            kinds.add(Workload.Kind.SWAP);
        }
        return kinds;
    }

    /**
     * Small ones, so that they are reached; but where sides merge, they must know what they did.
     */
    private static Limits limits(SplittableRandom random, boolean maySplit) {
        Limits usual = Limits.defaults();
        int messageBytes = pick(random, 1024, 64 * 1024, usual.messageBytes());
        return Limits.builder()
                .messageBytes(messageBytes)
                .queuedPerPartition(pick(random, 4, 64, usual.queuedPerPartition()))
                .outboxBytes(
                        Math.max(2 * messageBytes, pick(random, 8 * 1024, 256 * 1024, 16 << 20)))
                .dedupWindow(random.nextBoolean() ? SHORT_WINDOW : usual.dedupWindow())
                .dedupPerCaller(pick(random, 64, 1024, 1024))
                .changelogBytes(
                        maySplit
                                ? usual.changelogBytes()
                                : pick(random, 2 * 1024, 32 * 1024, usual.changelogBytes()))
                .build();
    }

    private static int pick(SplittableRandom random, int small, int medium, int large) {
        return switch (random.nextInt(3)) {
            case 0 -> small;
            case 1 -> medium;
            default -> large;
        };
    }

    /**
     * A wiped server alone founds nothing anew where there were others from the beginning; who
     * waits for one that is lost does not wait for longer than a run lasts.
     */
    RestartRule restartRule() {
        return new RestartRule(RestartRule.Need.SAFE, RESTART_WAIT_NANOS, Math.min(2, servers));
    }

    /** Whether handlers tell events: the seed says, so that others are what they were. */
    boolean tells() {
        int rest = Math.floorMod(seed, 8);
        return events || rest == 4 || rest == 7;
    }

    /** How it is kept: the seed says, so that others are what they were. */
    @Nullable Durable policy() {
        if (!isDurable) {
            return null;
        }
        return Math.floorMod(seed, 4) == 1 ? Durable.every(SYNC_EVERY) : Durable.batch();
    }

    /** What a write asks for: now and then that it is on disks. */
    Commit asked(int number, Commit drawn) {
        int rest = Math.floorMod(seed, 4);
        boolean isOfDisks = isDurable && (rest == 1 || rest == 2) && number % 3 == 0;
        return isOfDisks ? Commit.disks(1 + number / 3 % 2) : drawn;
    }

    /** Whether a group reads the changes: the seed says, so that others are what they were. */
    boolean isRead() {
        return isRead(seed);
    }

    /**
     * Whether consumers acknowledge the changes: the seed says, so that others are what they were.
     */
    boolean isConsumed() {
        return Math.floorMod(seed, 8) == 5;
    }

    private static boolean isRead(long seed) {
        return Math.floorMod(seed, 8) == 3;
    }

    /** Whether a reader may end, or stand still, before it could say what it has consumed. */
    boolean mayRepeat() {
        return faults.stream().anyMatch(SwarmPlan::mayRepeat);
    }

    /** Whether what a reader says may take so long that it is not waited for. */
    boolean mayDelay() {
        return faults.stream().anyMatch(SwarmPlan::mayDelay);
    }

    private static boolean mayDelay(Fault fault) {
        return fault == Fault.CUT || fault == Fault.CLOG || fault == Fault.SLOW;
    }

    private static boolean mayRepeat(Fault fault) {
        return fault.kills()
                || fault.splits()
                || fault == Fault.LEAVE
                || fault == Fault.CLOSE
                || fault == Fault.PAUSE;
    }

    boolean maySplit() {
        return faults.stream().anyMatch(Fault::splits);
    }

    @Override
    public String toString() {
        return "servers="
                + servers
                + " clients="
                + clients
                + " partitions="
                + partitions
                + " writes="
                + writes
                + " kinds="
                + kinds
                + " keys="
                + keys
                + " foldedInto="
                + foldedInto
                + " ownLimits="
                + hasOwnLimits
                + " events="
                + tells()
                + (isRead() ? " group" : "")
                + (isDurable ? " durable=" + policy() : "")
                + " faults="
                + faults;
    }
}
