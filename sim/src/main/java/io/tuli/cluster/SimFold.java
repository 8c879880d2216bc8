package io.tuli.cluster;

import io.tuli.Fold;
import io.tuli.MeshEvent;
import io.tuli.fold.FoldConfig;
import io.tuli.fold.FoldRunner;

/**
 * One service folded into another at one member: the real fold, whose thread is a moment now and
 * then. One thread.
 */
final class SimFold {

    private static final long LATEST_NANOS = 500_000;

    private final World world;
    private final Peer member;
    private final HostedService target;
    private final FoldRunner runner;
    private boolean isAwoken;
    private long alarmNanos = Long.MAX_VALUE;

    SimFold(World world, Peer member, HostedService source, HostedService target, Fold fold) {
        this.world = world;
        this.member = member;
        this.target = target;
        FoldConfig config = FoldConfig.of(fold, world.codec(), member.limits(), this::event);
        this.runner = new FoldRunner(source.feeds, target.feeds, target.here, config, this::awake);
    }

    void start() {
        runner.start();
    }

    void roleChanged(int partition) {
        runner.roleChanged(partition);
    }

    boolean mayOwn(int partition) {
        return runner.mayOwn(partition);
    }

    private void awake() {
        if (!isAwoken) {
            isAwoken = true;
            long soon = world.timeline().between(0, LATEST_NANOS);
            world.timeline().after(soon, () -> member.aside(this::round));
        }
    }

    private void round() {
        isAwoken = false;
        long patience = runner.round(world.nowNanos());
        long next = patience == Long.MAX_VALUE ? patience : world.nowNanos() + patience;
        if (next < alarmNanos) {
            alarmNanos = next;
            world.timeline().at(next, () -> member.aside(this::alarm));
        }
    }

    private void alarm() {
        alarmNanos = Long.MAX_VALUE;
        round();
    }

    private void event(MeshEvent event) {
        world.tell(() -> member + " " + event);
        if (event.kind() == MeshEvent.Kind.FOLD_INEXACT) {
            world.invariants().inexact(target);
        }
    }
}
