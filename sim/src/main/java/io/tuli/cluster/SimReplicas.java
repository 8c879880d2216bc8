package io.tuli.cluster;

import io.tuli.LogPosition;
import io.tuli.feed.FeedSource;
import io.tuli.fold.FoldTarget;
import io.tuli.log.Consumed;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.PartitionState;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service of a simulated member, as feeds and folds see it: its replicas, and the loops they are
 * pinned to. One thread.
 */
final class SimReplicas implements FeedSource, FoldTarget {

    private final World world;
    private final Peer member;
    private final Hosted hosted;

    SimReplicas(World world, Peer member, Hosted hosted) {
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
        return member.loops();
    }

    @Override
    public int loopOf(int partition) {
        return member.loopOf(hosted.number(), partition);
    }

    @Override
    public void execute(int loop, Runnable task) {
        member.post(loop, task);
    }

    @Override
    public void step(int loop, Input.OfReader input) {
        member.step(loop, world.tampering().stepped(input));
    }

    @Override
    public long nanoTime() {
        return world.nowNanos();
    }

    @Override
    public long wallMillis() {
        return world.wallMillis(member);
    }

    @Override
    public @Nullable GroupPlace group(int partition, String name) {
        return replica(partition).groups().find(name);
    }

    @Override
    public void eventsLost(int partition, LogPosition from, LogPosition to) {
        hosted.eventsLost++;
        world.tell(() -> member + " lost events " + partition + " from " + from + " to " + to);
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
        List<Entry> entries = replica(partition).log().slice(offset, until, bytesMax);
        return entries.stream().map(world.tampering()::fed).toList();
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
        inputs.forEach(input -> member.step(loop, world.tampering().stepped(input)));
    }
}
