package io.tuli.cluster;

import io.tuli.LogPosition;
import io.tuli.agreement.KeptRing;
import io.tuli.outage.SimDisk;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the power goes for all servers: they come back in any order, and one of them
 * perhaps without what it had. One thread.
 */
final class Outages {

    private static final long MILLI = Timeline.MILLI;

    /** So soon an operator sees that a directory may not be used, and starts with an empty one. */
    private static final long OPERATOR_NANOS = 500 * MILLI;

    private final Cluster cluster;
    private final World world;
    private final Timeline timeline;
    private final Set<Peer> refused = new HashSet<>();
    private int coming;
    private boolean isDark;

    /** What one of the servers has lost when it comes back. */
    enum Loss {
        NOTHING,
        DISK,
        /** What it was given since its last life began: a backup was put back. */
        NEWEST
    }

    Outages(Cluster cluster, World world) {
        this.cluster = cluster;
        this.world = world;
        this.timeline = world.timeline();
        world.operator(this::refused);
    }

    /** Kills all servers at once; from then on each comes back at a moment of its own. */
    void restartAll(long afterNanos, long lateNanos, Loss loss) {
        List<ClusterMember> all = cluster.servers();
        ClusterMember victim = victim(all, loss);
        world.tell(() -> "the power goes; " + loss + " is lost by " + victim);
        world.invariants().promises.powerGoes(all);
        all.forEach(cluster::kill);
        if (victim != null && loss == Loss.NEWEST) {
            world.disk(victim.id().node()).restoreEarlier();
        }
        isDark = true;
        coming = all.size();
        for (ClusterMember member : all) {
            boolean isWiped = member == victim && loss == Loss.DISK;
            long late = lateNanos == 0 ? 0 : timeline.between(0, lateNanos);
            late = isNew(member) || (isWiped && !world.expectsSeveral()) ? lateNanos : late;
            timeline.after(
                    afterNanos + late,
                    () -> {
                        isDark = --coming > 0;
                        if (isWiped) {
                            cluster.rejoinEmpty(member);
                        } else {
                            cluster.rejoin(member);
                        }
                    });
        }
    }

    /** Whether it has nothing yet: such begin by themselves where they are the first to come. */
    private boolean isNew(ClusterMember member) {
        SimDisk disk = world.disk(member.id().node());
        return member.services().stream()
                .anyMatch(hosted -> hosted.spec.isKept() && disk.ring(hosted.number()).isNone());
    }

    /** Whose disk may be lost: nobody else is missed, and what is committed is on two of them. */
    private @Nullable ClusterMember victim(List<ClusterMember> all, Loss loss) {
        if (loss == Loss.NOTHING || all.size() < 2 || !isSettled() || !isAllOnTwoDisks(all)) {
            return null;
        }
        ClusterMember victim = all.get((int) timeline.between(0, all.size()));
        return loss == Loss.DISK || hasAnEarlierMoment(victim) ? victim : null;
    }

    /** With two who had it besides, it knows that it may not begin without them. */
    private boolean hasAnEarlierMoment(ClusterMember member) {
        SimDisk disk = world.disk(member.id().node());
        return member.services().stream()
                .filter(hosted -> hosted.spec.isKept())
                .allMatch(
                        hosted -> {
                            KeptRing ring = disk.earlierRings().get(hosted.number());
                            return ring != null && ring.servers().size() > 2;
                        });
    }

    private boolean isAllOnTwoDisks(List<ClusterMember> all) {
        for (Hosted hosted : all.get(0).services()) {
            for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
                LogPosition latest = cluster.latest(hosted.number(), partition);
                if (hosted.spec.isKept() && disksWith(all, hosted, partition, latest) < 2) {
                    return false;
                }
            }
        }
        return true;
    }

    private long disksWith(
            List<ClusterMember> all, Hosted hosted, int partition, LogPosition position) {
        return all.stream()
                .map(member -> world.disk(member.id().node()))
                .filter(disk -> disk.has(hosted.number(), partition, position))
                .count();
    }

    /** Whether the power is off, or not everybody is back. */
    boolean isDark() {
        return isDark;
    }

    /** Whether everything that is kept is run, and nobody is waited for who comes no more. */
    boolean isSettled() {
        Set<Long> nodes = new HashSet<>();
        cluster.servers().forEach(member -> nodes.add(member.id().node()));
        for (ClusterMember member : cluster.servers()) {
            if (!member.agreement().hasBegun() || hasMissing(member, nodes)) {
                return false;
            }
        }
        return !isDark;
    }

    private boolean hasMissing(ClusterMember member, Set<Long> nodes) {
        SimDisk disk = world.disk(member.id().node());
        return member.services().stream()
                .flatMap(hosted -> disk.ring(hosted.number()).servers().stream())
                .anyMatch(server -> !nodes.contains(server.id().node()));
    }

    /** It may not use its directory: the operator gives it an empty one. */
    private void refused(Peer member) {
        ClusterMember here = cluster.member(member.id());
        if (here != null && refused.add(member)) {
            timeline.after(
                    OPERATOR_NANOS,
                    () -> {
                        if (here.isAlive()) {
                            cluster.kill(here);
                            timeline.after(OPERATOR_NANOS, () -> cluster.rejoinEmpty(here));
                        }
                    });
        }
    }
}
