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

    private final Mesh mesh;
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

    /** Those whom the power goes for. */
    interface Mesh {

        List<? extends Peer> servers();

        void kill(Peer member);

        /** The next life of one that was killed: the same node, or another with an empty disk. */
        void rejoin(Peer dead, boolean isWiped);

        /** Whether it acts on a ring of all that it keeps. */
        boolean hasBegun(Peer member);

        /** Up to where anybody knows the partition to be committed. */
        LogPosition latest(int service, int partition);
    }

    Outages(Mesh mesh, World world) {
        this.mesh = mesh;
        this.world = world;
        this.timeline = world.timeline();
        world.operator(this::refused);
    }

    /** Kills all servers at once; from then on each comes back at a moment of its own. */
    void restartAll(long afterNanos, long lateNanos, Loss loss) {
        List<? extends Peer> all = mesh.servers();
        Peer victim = victim(all, loss);
        world.tell(() -> "the power goes; " + loss + " is lost by " + victim);
        world.invariants().promises.powerGoes(all);
        all.forEach(mesh::kill);
        if (victim != null && loss == Loss.NEWEST) {
            world.disk(victim.id().node()).restoreEarlier();
        }
        isDark = true;
        coming = all.size();
        for (Peer member : all) {
            boolean isVictim = victim != null && victim.id().equals(member.id());
            boolean isWiped = isVictim && loss == Loss.DISK;
            // Who has an old disk comes before others have gone on, and forgotten it.
            boolean isFirst = lateNanos == 0 || (isVictim && !isWiped);
            long late = isFirst ? 0 : timeline.between(0, lateNanos);
            late = isNew(member) || (isWiped && !world.expectsSeveral()) ? lateNanos : late;
            timeline.after(
                    afterNanos + late,
                    () -> {
                        isDark = --coming > 0;
                        mesh.rejoin(member, isWiped);
                    });
        }
    }

    /** Whether it has nothing yet: such begin by themselves where they are the first to come. */
    private boolean isNew(Peer member) {
        SimDisk disk = world.disk(member.id().node());
        return member.services().stream()
                .anyMatch(hosted -> hosted.spec.isKept() && disk.ring(hosted.spec.name()).isNone());
    }

    /** Whose disk may be lost: nobody else is missed, and what is committed is on two of them. */
    private @Nullable Peer victim(List<? extends Peer> all, Loss loss) {
        if (loss == Loss.NOTHING || all.size() < 2 || !isSettled() || !isAllOnTwoDisks(all)) {
            return null;
        }
        Peer victim = all.get((int) timeline.between(0, all.size()));
        return loss == Loss.DISK || hasAnEarlierMoment(victim) ? victim : null;
    }

    /** With two who had it besides, it knows that it may not begin without them. */
    private boolean hasAnEarlierMoment(Peer member) {
        SimDisk disk = world.disk(member.id().node());
        return member.services().stream()
                .filter(hosted -> hosted.spec.isKept())
                .allMatch(
                        hosted -> {
                            KeptRing ring = disk.earlierRings().get(hosted.spec.name());
                            return ring != null && ring.servers().size() > 2;
                        });
    }

    private boolean isAllOnTwoDisks(List<? extends Peer> all) {
        for (Hosted hosted : all.get(0).services()) {
            for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
                LogPosition latest = mesh.latest(hosted.number(), partition);
                if (hosted.spec.isKept() && disksWith(all, hosted, partition, latest) < 2) {
                    return false;
                }
            }
        }
        return true;
    }

    private long disksWith(
            List<? extends Peer> all, Hosted hosted, int partition, LogPosition position) {
        return all.stream()
                .map(member -> world.disk(member.id().node()))
                .filter(disk -> disk.has(hosted.number(), partition, position))
                .count();
    }

    /** Whether the power is off, or not everybody is back. */
    boolean isDark() {
        return isDark;
    }

    /** Whether somebody has an old disk, and it has not been noticed yet. */
    boolean isAnyOld() {
        return mesh.servers().stream().anyMatch(each -> world.disk(each.id().node()).isOld());
    }

    /** Whether somebody runs what is kept, or nobody ever did. */
    boolean mayJoin() {
        List<? extends Peer> servers = mesh.servers();
        boolean isFirst = servers.stream().allMatch(this::isNew);
        return !isDark && (isFirst || servers.stream().anyMatch(mesh::hasBegun));
    }

    /** Whether everything that is kept is run, and nobody is waited for who comes no more. */
    boolean isSettled() {
        Set<Long> nodes = new HashSet<>();
        mesh.servers().forEach(member -> nodes.add(member.id().node()));
        for (Peer member : mesh.servers()) {
            if (!mesh.hasBegun(member) || hasMissing(member, nodes)) {
                return false;
            }
        }
        return !isDark;
    }

    private boolean hasMissing(Peer member, Set<Long> nodes) {
        SimDisk disk = world.disk(member.id().node());
        return member.services().stream()
                .flatMap(hosted -> disk.ring(hosted.spec.name()).servers().stream())
                .anyMatch(server -> !nodes.contains(server.id().node()));
    }

    /** It may not use its directory: the operator gives it an empty one. */
    private void refused(Peer member) {
        if (refused.add(member)) {
            timeline.after(
                    OPERATOR_NANOS,
                    () -> {
                        if (member.isAlive()) {
                            mesh.kill(member);
                            timeline.after(OPERATOR_NANOS, () -> mesh.rejoin(member, true));
                        }
                    });
        }
    }
}
