package io.tuli.cluster;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** What can go wrong with members and between them, and how the others come to know. One thread. */
final class Faults {

    private static final long MILLI = Timeline.MILLI;

    /** Failure detection: a process that ends is missed so soon, one that is still so late. */
    private static final long DEATH_SOONEST = 900 * MILLI;

    private static final long DEATH_LATEST = 2_000 * MILLI;
    private static final long MENDED = 1_500 * MILLI;
    private static final long SILENCE = 4_500 * MILLI;
    private static final long SUSPICION = 4_700 * MILLI;
    private static final long MERGE_SOONEST = 700 * MILLI;
    private static final long MERGE_LATEST = 3_000 * MILLI;
    private static final int LOOKS_BEFORE_LEAVING = 200;

    private final Cluster cluster;
    private final Timeline timeline;
    private final SimNetwork network;
    private final Views views;
    private final Outages outages;
    private int deadUntold;
    private int closing;
    private int away;
    private int splits;
    private long heals;
    private long disturbedUntil;

    Faults(Cluster cluster, Timeline timeline, SimNetwork network, Views views) {
        this.cluster = cluster;
        this.timeline = timeline;
        this.network = network;
        this.views = views;
        this.outages = new Outages(new Servers(), cluster.world());
    }

    /** Whether somebody is apart from the others, or will be soon. */
    boolean isDisturbed() {
        return timeline.nowNanos() < disturbedUntil;
    }

    /** One split at a time; and who leaves all alone leaves with what only it has. */
    boolean maySplitNow() {
        return !isDisturbed() && !views.isAnyoneLeaving() && closing == 0;
    }

    private void disturbed(long nanos) {
        cluster.world().splits();
        disturbedUntil = timeline.nowNanos() + nanos + MERGE_LATEST;
    }

    // ---- the end of a member -------------------------------------------------------------------

    void kill(ClusterMember member) {
        if (!member.isAlive()) {
            return;
        }
        deadUntold++;
        member.die();
        cluster.remove(member);
        timeline.after(
                timeline.between(DEATH_SOONEST, DEATH_LATEST),
                () -> {
                    views.gone(member.id());
                    views.tell(1, 50);
                    timeline.after(MENDED, () -> deadUntold--);
                });
    }

    void restart(ClusterMember member, long afterNanos) {
        kill(member);
        away++;
        timeline.after(
                afterNanos,
                () -> {
                    away--;
                    cluster.rejoin(member, false);
                });
    }

    /** Whether nobody is missed, and nobody comes back before the others do. */
    boolean mayRestartAll() {
        boolean isAnyAway =
                outages.isDark() || away > 0 || deadUntold > 0 || views.isAnyoneLeaving();
        return !isAnyAway && !outages.isAnyOld() && !cluster.servers().isEmpty();
    }

    Outages outages() {
        return outages;
    }

    /**
     * Whether a loss now is one the promises cover: earlier ones are mended, and everything
     * committed is on two servers.
     */
    boolean mayKill() {
        if (deadUntold > 0
                || isUnsettled()
                || closing > 0
                || views.isAnyoneLeaving()
                || cluster.servers().size() < 3) {
            return false;
        }
        for (Hosted hosted : cluster.servers().get(0).services()) {
            for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
                if (cluster.copiesOfLatest(hosted.number(), partition) < 2) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether somebody still waits, or would after a restart, for who comes no more. */
    private boolean isUnsettled() {
        return cluster.isDurable() && !outages.isSettled();
    }

    void leave(ClusterMember member) {
        if (deadUntold > 0 || isUnsettled() || !hasHeirs(member)) {
            return;
        }
        member.agreement().leave();
        leaveWhenFree(member, LOOKS_BEFORE_LEAVING);
    }

    /** Whether somebody serves each of its services, too: the last has nobody to hand over to. */
    private boolean hasHeirs(ClusterMember member) {
        return member.services().stream()
                .allMatch(hosted -> views.isServedBeside(member.id(), hosted.spec.name()));
    }

    private void leaveWhenFree(ClusterMember member, int looks) {
        timeline.after(
                50 * MILLI,
                () -> {
                    if (!member.isAlive()) {
                        return;
                    }
                    boolean hasNobody = !hasHeirs(member);
                    if (!cluster.world().tampering().mayGo(member.isHandedOver())
                            && (looks > 0 || hasNobody)) {
                        leaveWhenFree(member, hasNobody ? looks : looks - 1);
                        return;
                    }
                    member.die();
                    cluster.remove(member);
                    views.gone(member.id());
                    views.tell(1, 80);
                });
    }

    // ---- the end of a member's part in a service -----------------------------------------------

    /** Whether a part in a service has ended, and has not begun anew. */
    boolean isAnyClosed() {
        return closing > 0;
    }

    /** Closes a service at a member, and serves it again so much later. */
    void close(ClusterMember member, HostedService hosted, long afterNanos) {
        String name = hosted.spec.name();
        boolean isServed = member.agreement().isServing(name) && hosted.isUnread();
        if (deadUntold > 0
                || hosted.isClosing
                || !isServed
                || !views.isServedBeside(member.id(), name)) {
            return;
        }
        closing++;
        hosted.isClosing = true;
        cluster.world().tell(() -> member + " closes " + name);
        member.agreement().leave(hosted);
        closeWhenDrained(member, hosted, afterNanos);
    }

    private void closeWhenDrained(ClusterMember member, HostedService hosted, long afterNanos) {
        timeline.after(
                10 * MILLI,
                () -> {
                    boolean isHere = member.isAlive() && !member.isPaused();
                    if (!member.isAlive()) {
                        closing--;
                    } else if (isHere && member.drain(hosted) && hosted.isHandedOver()) {
                        IntConsumer leave = loop -> member.leave(loop, hosted);
                        member.agreement().withdraw(hosted, leave);
                        timeline.after(afterNanos, () -> serveAgain(member, hosted));
                    } else {
                        closeWhenDrained(member, hosted, afterNanos);
                    }
                });
    }

    private void serveAgain(ClusterMember member, HostedService hosted) {
        boolean isLeft = hosted.loopsLeft == 0;
        if (member.isAlive() && (!isLeft || member.isPaused())) {
            timeline.after(10 * MILLI, () -> serveAgain(member, hosted));
            return;
        }
        closing--;
        if (member.isAlive()) {
            member.service(hosted.config);
        }
    }

    // ---- times of silence ----------------------------------------------------------------------

    void pause(ClusterMember member, long nanos) {
        member.pause();
        timeline.after(nanos, member::resume);
        if (nanos > SUSPICION) {
            disturbed(nanos);
            timeline.after(
                    SUSPICION,
                    () -> {
                        if (member.isPaused()) {
                            views.put(member.id(), ++splits);
                            views.tell(1, 50);
                        }
                    });
            timeline.after(nanos, this::merge);
        }
    }

    void cut(ClusterMember a, ClusterMember b, long nanos) {
        network.cut(a.id(), b.id());
        timeline.after(nanos, () -> network.mend(a.id(), b.id()));
    }

    void partition(List<ClusterMember> otherSide, long nanos) {
        disturbed(nanos);
        Set<MemberId> apart = new HashSet<>();
        otherSide.forEach(member -> apart.add(member.id()));
        for (ClusterMember a : otherSide) {
            for (ClusterMember b : cluster.members()) {
                if (!apart.contains(b.id())) {
                    cut(a, b, nanos);
                }
            }
        }
        if (nanos > SILENCE) {
            int side = ++splits;
            long before = heals;
            timeline.after(
                    SILENCE,
                    () -> {
                        if (heals == before) {
                            otherSide.forEach(member -> views.put(member.id(), side));
                            views.tell(1, 1_000);
                        }
                    });
            timeline.after(nanos, this::merge);
        }
    }

    void flap(ClusterMember member, long nanos) {
        disturbed(nanos);
        views.put(member.id(), ++splits);
        views.tell(1, 300);
        timeline.after(nanos, this::merge);
    }

    private void merge() {
        timeline.after(
                timeline.between(MERGE_SOONEST, MERGE_LATEST),
                () -> {
                    views.unite();
                    views.tell(1, 300);
                });
    }

    /** Nobody misses what was mended before it was silent for long enough. */
    void heal() {
        heals++;
        network.heal();
        views.unite();
        views.tell(1, 300);
        cluster.members().forEach(ClusterMember::resume);
    }

    /** The members, as those know them for whom the power goes. */
    private final class Servers implements Outages.Mesh {

        @Override
        public List<ClusterMember> servers() {
            return cluster.servers();
        }

        @Override
        public void kill(Peer member) {
            Faults.this.kill((ClusterMember) member);
        }

        @Override
        public void rejoin(Peer dead, boolean isWiped) {
            cluster.rejoin((ClusterMember) dead, isWiped);
        }

        @Override
        public boolean hasBegun(Peer member) {
            return ((ClusterMember) member).agreement().hasBegun();
        }

        @Override
        public LogPosition latest(int service, int partition) {
            return cluster.latest(service, partition);
        }
    }
}
