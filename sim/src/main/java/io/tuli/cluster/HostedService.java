package io.tuli.cluster;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.MeshEvent;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.feed.FeedHub;
import io.tuli.feed.Feeds;
import io.tuli.handler.AskDesk;
import io.tuli.handler.HandlerHost;
import io.tuli.handler.HandlerRunner;
import io.tuli.handler.Merging;
import io.tuli.log.PartitionState;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Task;
import io.tuli.store.StateRecords;
import io.tuli.store.StateSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service on one member with what runs there: its handler, its feeds and folds. One thread. */
final class HostedService extends Hosted {

    final SimReplicas here;
    final FeedHub feeds;
    final Feeds asked;
    final List<SimFold> folds = new ArrayList<>();

    /** The loops of its member that have a part in it. */
    int loopsLeft;

    /** Its member is about to end its part in it; a paused one has not heard so yet. */
    boolean isClosing;

    private final World world;
    private final @Nullable HandlerRunner<?> runner;
    private final Merging<?> merging;

    <T> HostedService(ServiceConfig<T> config, Peer member, World world) {
        super(config, member.isServer(), member.loops());
        this.world = world;
        this.loopsLeft = member.loops();
        this.merging = new Merging<>(config, world.codec(), world.invariants()::mergeFailed);
        this.here = new SimReplicas(world, member, this);
        this.feeds = new FeedHub(here);
        this.asked = new Feeds(feeds);
        ServiceConfig<T> inline = config.inline(ServiceConfig.ALL_VERBS);
        this.runner =
                member.isServer()
                        ? new HandlerRunner<>(
                                inline,
                                world.codec(),
                                member.limits(),
                                HandlerRunner.NEVER,
                                host(member))
                        : null;
        if (runner != null) {
            runner.reads(new StateRecords(world.codec(), this::source));
        }
    }

    private StateSource source() {
        return new StateSource() {
            @Override
            public int partitions() {
                return states.size();
            }

            @Override
            public PartitionState state(int partition) {
                return states.get(partition);
            }

            @Override
            public int partitionOf(String topLevelKey) {
                return spec.partitionOf(topLevelKey);
            }
        };
    }

    @Override
    void tick(int loop, long nowNanos) {
        feeds.tick(loop, nowNanos);
    }

    /** Whether nobody here reads its changes, nor folds any into it. */
    boolean isUnread() {
        return watches.isEmpty() && folds.isEmpty() && asked.running() == 0;
    }

    /** Where messages to its member come in; null where it does not serve. */
    @Nullable AskDesk desk() {
        return runner == null ? null : runner.desk();
    }

    @Nullable Decision decide(Task task) {
        return runner == null ? Decision.Pass.PASS : runner.decide(task);
    }

    @Nullable Payload merge(Key key, Payload base, Payload winner, Payload loser) {
        return merging.merge(key, base, winner, loser);
    }

    @Nullable String unreadable(Payload document) {
        return world.codec().unreadable(document, config.documentType().type());
    }

    private HandlerHost host(Peer member) {
        return new HandlerHost() {
            @Override
            public long nanoTime() {
                return world.nowNanos();
            }

            @Override
            public void decided(int service, int partition, long task, Decision decision) {
                member.decided(service, partition, task, decision);
            }

            @Override
            public <V> V onLoop(int service, int partition, Supplier<V> work, Duration within) {
                throw new TuliException(
                        Failure.BAD_REQUEST,
                        "a simulated handler reads on the thread that runs it");
            }

            @Override
            public void event(MeshEvent event) {}
        };
    }
}
