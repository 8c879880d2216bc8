package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MeshEvent;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.feed.FeedHub;
import io.tuli.handler.HandlerHost;
import io.tuli.handler.HandlerRunner;
import io.tuli.handler.Merging;
import io.tuli.log.Entry;
import io.tuli.protocol.Decision;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One service on one member: its handler, its replicas, and who watches them. One thread. */
final class Hosted {

    final ServiceConfig<?> config;
    final ServiceSpec spec;
    final List<SharedState> states = new ArrayList<>();
    final List<Replica> replicas = new ArrayList<>();
    final List<Watch> watches = new ArrayList<>();
    final LogPosition[] checkedEnds;
    final LogPosition[] reached;
    final Epoch[] promises;
    final SimLoop loop;
    final FeedHub feeds;
    final List<SimFold> folds = new ArrayList<>();
    Ring ring = Ring.EMPTY;

    private final @Nullable HandlerRunner<?> runner;
    private final Merging<?> merging;

    /** Is told what is committed, as a feed is. */
    interface Watch {

        void applied(int partition, Entry entry);

        /** The partition's state was replaced as a whole. */
        void reset(int partition, LogPosition at, SharedState state);
    }

    <T> Hosted(ServiceConfig<T> config, SimMember member, SimCluster cluster) {
        this.config = config;
        this.spec =
                new ServiceSpec(
                        ServiceSpec.numberOf(config.name()),
                        config.name(),
                        config.partitions(),
                        member.isServer(),
                        config.partitioner(),
                        config.merge(),
                        config.isChecked());
        this.merging = new Merging<>(config, cluster.codec(), cluster.invariants()::mergeFailed);
        this.checkedEnds = starts();
        this.reached = starts();
        this.promises = new Epoch[spec.partitions()];
        Arrays.fill(promises, Epoch.ZERO);
        this.loop = new SimLoop(cluster, member, this);
        this.feeds = new FeedHub(loop);
        ServiceConfig<T> inline = config.inline(ServiceConfig.ALL_VERBS);
        this.runner =
                member.isServer()
                        ? new HandlerRunner<>(
                                inline,
                                cluster.codec(),
                                cluster.limits(),
                                HandlerRunner.NEVER,
                                host(member))
                        : null;
    }

    private LogPosition[] starts() {
        LogPosition[] starts = new LogPosition[spec.partitions()];
        Arrays.fill(starts, LogPosition.START);
        return starts;
    }

    int number() {
        return spec.number();
    }

    /** Where the request was committed, at any member; null if nowhere. */
    @Nullable LogPosition executedAt(SimCluster cluster, String topLevelKey, RequestId id) {
        return cluster.invariants().executedAt(this, spec.partitionOf(topLevelKey), id);
    }

    @Nullable Decision decide(Task task) {
        return runner == null ? new Decision.Pass() : runner.decide(task);
    }

    @Nullable Payload merge(Key key, Payload base, Payload winner, Payload loser) {
        return merging.merge(key, base, winner, loser);
    }

    @Nullable String unreadable(JsonCodec codec, Payload document) {
        return codec.unreadable(document, config.type());
    }

    private static HandlerHost host(SimMember member) {
        return new HandlerHost() {
            @Override
            public void decided(int service, int partition, long task, Decision decision) {
                member.decided(service, partition, task, decision);
            }

            @Override
            public <V> V onLoop(int service, int partition, Supplier<V> work, Duration within) {
                throw new TuliException(
                        io.tuli.Failure.BAD_REQUEST,
                        "a simulated handler reads on the thread that runs it");
            }

            @Override
            public void event(MeshEvent event) {}
        };
    }
}
