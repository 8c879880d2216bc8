package io.tuli.feed;

import io.tuli.Partitioner;
import io.tuli.fold.FoldRunner;
import io.tuli.fold.FoldTarget;
import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One member's part in a folding service: its loops, its replica, and a core that executes at once,
 * or not before it is released. Keys {@code 0, 1, ...} lie in the partition of that number.
 */
public final class FakeTarget implements FoldTarget, AutoCloseable {

    private final int member;
    private final FakeFolded folded;
    private final FakeReplica replica;
    private final List<Input> heard = new CopyOnWriteArrayList<>();
    private final List<Input> held = new ArrayList<>();
    private volatile boolean isHolding;

    public FakeTarget(int member, FakeFolded folded, int loops, int partitions) {
        this.member = member;
        this.folded = folded;
        this.replica = new FakeReplica(loops, partitions);
    }

    public FeedHub hub() {
        return replica.hub();
    }

    /** Takes inputs and does nothing with them. */
    public void hold() {
        isHolding = true;
    }

    /** Executes what was taken, and all that follows. */
    public void release() {
        isHolding = false;
        replica.on(
                0,
                () -> {
                    List<Input> all = List.copyOf(held);
                    held.clear();
                    all.forEach(this::hear);
                    return true;
                });
    }

    /** An entry of a partition owned elsewhere arrives. */
    public void replicate(int partition, SourceMark mark) {
        replica.on(
                partition,
                () -> {
                    replica.applyMarks(partition, List.of(mark));
                    return true;
                });
    }

    /** Tasks given to its loops so far. */
    public int tasks() {
        return replica.tasks();
    }

    /** All inputs heard, in order. */
    List<Input> heard() {
        return List.copyOf(heard);
    }

    public List<Input.Consumed> watermarks() {
        return heard.stream()
                .filter(Input.Consumed.class::isInstance)
                .map(Input.Consumed.class::cast)
                .toList();
    }

    public List<Input.Folded> foldedInputs() {
        return heard.stream()
                .filter(Input.Folded.class::isInstance)
                .map(Input.Folded.class::cast)
                .toList();
    }

    /** This member owns the partition from now on. */
    public void gain(FoldRunner runner, int partition) {
        replica.on(
                partition,
                () -> {
                    folded.own(partition, member);
                    runner.roleChanged(partition);
                    return true;
                });
    }

    public void lose(FoldRunner runner, int partition) {
        replica.on(
                partition,
                () -> {
                    folded.own(partition, -1);
                    held.clear();
                    runner.roleChanged(partition);
                    return true;
                });
    }

    @Override
    public ServiceSpec spec() {
        Partitioner byNumber = key -> key;
        String name = "folding";
        return new ServiceSpec(
                ServiceSpec.numberOf(name), name, replica.partitions(), true, byNumber);
    }

    /** A key in that partition. */
    public String keyIn(int partition) {
        int n = 0;
        while (spec().partitionOf("key" + n) != partition) {
            n++;
        }
        return "key" + n;
    }

    @Override
    public int partitions() {
        return replica.partitions();
    }

    @Override
    public int loops() {
        return replica.loops();
    }

    @Override
    public int loopOf(int partition) {
        return replica.loopOf(partition);
    }

    @Override
    public void execute(int loop, Runnable task) {
        replica.execute(loop, task);
    }

    @Override
    public boolean isOwner(int partition) {
        return folded.isOwner(partition, member);
    }

    @Override
    public Consumed consumed(int partition, int service, int sourcePartition) {
        return folded.consumed(partition, ((long) service << 32) | sourcePartition);
    }

    @Override
    public void step(int loop, List<Input> inputs) {
        heard.addAll(inputs);
        for (Input input : inputs) {
            if (isHolding) {
                held.add(input);
            } else {
                hear(input);
            }
        }
    }

    private void hear(Input input) {
        switch (input) {
            case Input.Folded f -> {
                if (folded.execute(member, f.request(), f.marks())) {
                    replica.applyMarks(f.request().partition(), f.marks());
                }
            }
            case Input.Consumed c -> {
                List<SourceMark> moved =
                        c.marks().stream()
                                .filter(mark -> folded.mark(member, c.partition(), mark))
                                .toList();
                replica.applyMarks(c.partition(), moved);
            }
            default -> throw new IllegalStateException("a fold says nothing else: " + input);
        }
    }

    @Override
    public void close() {
        replica.close();
    }
}
