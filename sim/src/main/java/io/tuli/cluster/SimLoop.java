package io.tuli.cluster;

import io.tuli.LogPosition;
import io.tuli.feed.FeedSource;
import io.tuli.fold.FoldTarget;
import io.tuli.log.Consumed;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.PartitionState;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import java.util.List;

/**
 * The one loop of a simulated member, as feeds and folds of a service see it: what is posted to it
 * happens a little later, in order. One thread.
 */
final class SimLoop implements FeedSource, FoldTarget {

    private static final long LATEST_NANOS = 300_000;

    private final World world;
    private final Peer member;
    private final Hosted hosted;
    private long lastNanos;

    SimLoop(World world, Peer member, Hosted hosted) {
        this.world = world;
        this.member = member;
        this.hosted = hosted;
    }

    @Override
    public int partitions() {
        return hosted.spec.partitions();
    }

    @Override
    public int loops() {
        return 1;
    }

    @Override
    public int loopOf(int partition) {
        return 0;
    }

    @Override
    public void execute(int loop, Runnable task) {
        long soon = world.nowNanos() + world.timeline().between(0, LATEST_NANOS);
        lastNanos = Math.max(lastNanos + 1, soon);
        world.timeline().at(lastNanos, () -> member.whenAwake(task));
    }

    private Replica replica(int partition) {
        return hosted.replicas.get(partition);
    }

    // ---- the replica, as feeds read it ---------------------------------------------------------

    @Override
    public String service() {
        return hosted.spec.name();
    }

    @Override
    public boolean isInSync(int partition) {
        return replica(partition).isInSync();
    }

    @Override
    public LogPosition applied(int partition) {
        return replica(partition).applied();
    }

    @Override
    public LogPosition logStart(int partition) {
        return replica(partition).log().start();
    }

    @Override
    public List<LogPosition> epochs(int partition) {
        return replica(partition).log().lineage().starts();
    }

    @Override
    public boolean contains(int partition, LogPosition place) {
        return place.offset() <= replica(partition).committedEnd()
                && replica(partition).log().contains(place);
    }

    @Override
    public boolean mayReach(int partition, LogPosition place) {
        Replica replica = replica(partition);
        return replica.log().lineage().mayReach(place, replica.committedEnd());
    }

    @Override
    public List<Entry> entriesFrom(int partition, long offset, int countMax, int bytesMax) {
        long until = Math.min(offset + countMax, replica(partition).committedEnd());
        return replica(partition).log().slice(offset, until, bytesMax);
    }

    @Override
    public Entries singlesFrom(int partition, long offset, int countMax) {
        Replica replica = replica(partition);
        return replica.log().singles(offset, replica.committedEnd(), countMax);
    }

    @Override
    public PartitionState state(int partition) {
        return hosted.states.get(partition);
    }

    // ---- the service, as folds drive it --------------------------------------------------------

    @Override
    public ServiceSpec spec() {
        return hosted.spec;
    }

    @Override
    public boolean isOwner(int partition) {
        return replica(partition).isOwner();
    }

    @Override
    public Consumed consumed(int partition, int sourceService, int sourcePartition) {
        SourceMark start = new SourceMark(sourceService, sourcePartition, LogPosition.START, 1);
        return world.tampering().resumesAfter(replica(partition).consumed(start.source()));
    }

    @Override
    public void step(int loop, List<Input> inputs) {
        inputs.forEach(input -> member.step(world.tampering().stepped(input)));
    }
}
