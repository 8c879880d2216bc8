package io.tuli.loop;

import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.feed.FeedSource;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.PartitionState;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The replica of one service as feeds read it. */
public final class ReplicaSource implements FeedSource {

    private final ServiceSpec spec;
    private final IntFunction<PartitionState> states;
    private final Loops loops;
    private final Loss loss;
    private final Limits.Groups groups;

    public ReplicaSource(
            ServiceSpec spec,
            IntFunction<PartitionState> states,
            Loss loss,
            Loops loops,
            Limits.Groups groups) {
        this.spec = spec;
        this.states = states;
        this.loss = loss;
        this.loops = loops;
        this.groups = groups;
    }

    @Override
    public Limits.Groups groups() {
        return groups;
    }

    @Override
    public @Nullable GroupPlace group(int partition, String name) {
        Replica replica = replica(partition);
        return replica == null ? null : replica.groups().find(name);
    }

    @Override
    public String service() {
        return spec.name();
    }

    @Override
    public int partitions() {
        return spec.partitions();
    }

    @Override
    public int loops() {
        return loops.count();
    }

    @Override
    public int loopOf(int partition) {
        return loops.indexOf(spec.number(), partition);
    }

    @Override
    public void execute(int loop, Runnable task) {
        loops.at(loop).post(task);
    }

    @Override
    public boolean isInSync(int partition) {
        Replica replica = replica(partition);
        return replica != null && replica.isInSync();
    }

    @Override
    public LogPosition applied(int partition) {
        Replica replica = replica(partition);
        return replica == null ? LogPosition.START : replica.applied();
    }

    @Override
    public LogPosition logStart(int partition) {
        Replica replica = replica(partition);
        return replica == null ? LogPosition.START : replica.log().start();
    }

    @Override
    public List<LogPosition> epochs(int partition) {
        Replica replica = replica(partition);
        return replica == null ? List.of() : replica.log().lineage().starts();
    }

    @Override
    public boolean contains(int partition, LogPosition place) {
        Replica replica = replica(partition);
        return replica != null
                && place.offset() <= replica.committedEnd()
                && replica.log().contains(place);
    }

    @Override
    public boolean mayReach(int partition, LogPosition place) {
        Replica replica = replica(partition);
        return replica == null || replica.log().lineage().mayReach(place, replica.committedEnd());
    }

    @Override
    public List<Entry> entriesFrom(int partition, long offset, int countMax, int bytesMax) {
        Replica replica = replica(partition);
        if (replica == null) {
            return List.of();
        }
        long until = Math.min(offset + countMax, replica.committedEnd());
        return replica.log().slice(offset, until, bytesMax);
    }

    @Override
    public Entries singlesFrom(int partition, long offset, int countMax) {
        Replica replica = replica(partition);
        return replica == null
                ? Entries.NONE
                : replica.log().singles(offset, replica.committedEnd(), countMax);
    }

    /** The batch this is part of ends with a flush. */
    @Override
    public void step(int loop, Input.OfReader input) {
        loops.at(loop).core().step(input, System.nanoTime());
    }

    @Override
    public void eventsLost(int partition, LogPosition from, LogPosition to) {
        loss.eventsLost(partition, from, to);
    }

    @Override
    public PartitionState state(int partition) {
        return states.apply(partition);
    }

    private @Nullable Replica replica(int partition) {
        return loops.of(spec.number(), partition).core().replica(spec.number(), partition);
    }
}
