package io.tuli.fold;

import io.tuli.LogPosition;
import io.tuli.feed.FeedHub;
import io.tuli.feed.Tap;
import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fold's hands on one loop of the consuming service: notices ownership and marks applied,
 * delivers inputs. Used on its loop alone; tells the fold's thread by mail.
 *
 * <p>A session counts changes of role, so that what was posted while this member owned a partition
 * is not heard when it owns it again: in between others may have been skipped.
 */
final class FoldTargetTap implements Tap {

    private final FoldTarget target;
    private final FoldMail mail;
    private final Folding folding;
    private final Runnable onMoved;
    private final int loop;
    private final int source;
    private final int sourcePartitions;
    private final BitSet owned = new BitSet();
    private final Map<Integer, Integer> sessions = new HashMap<>();
    private final Map<Integer, long[]> consumed = new HashMap<>();
    private List<FoldMail.Applied> applied = new ArrayList<>();
    private boolean hasMoved;

    FoldTargetTap(
            FoldTarget target,
            int loop,
            FeedHub sourceHub,
            FoldMail mail,
            Folding folding,
            Runnable onMoved) {
        this.target = target;
        this.loop = loop;
        this.mail = mail;
        this.folding = folding;
        this.onMoved = onMoved;
        this.source = FoldMail.numberOf(sourceHub);
        this.sourcePartitions = sourceHub.source().partitions();
    }

    @Override
    public void attached() {
        for (int partition = 0; partition < target.partitions(); partition++) {
            if (target.loopOf(partition) == loop) {
                consumed.put(partition, new long[sourcePartitions]);
                replaced(partition);
                gain(partition);
            }
        }
    }

    /** The role in a partition is another, if only for a moment; called within a step. */
    void roleChanged(int partition) {
        sessions.merge(partition, 1, Integer::sum);
        if (owned.get(partition)) {
            owned.clear(partition);
            mail.add(() -> folding.lost(partition));
        }
        target.execute(loop, () -> gain(partition));
    }

    /** What the fold's thread knows is worth nothing: all is told it again. */
    void beginAnew() {
        for (int partition : owned.stream().toArray()) {
            roleChanged(partition);
        }
    }

    private void gain(int partition) {
        if (owned.get(partition) || !target.isOwner(partition)) {
            return;
        }
        owned.set(partition);
        int session = sessions.getOrDefault(partition, 0);
        List<Consumed> consumed = new ArrayList<>(sourcePartitions);
        for (int p = 0; p < sourcePartitions; p++) {
            consumed.add(target.consumed(partition, source, p));
        }
        TargetPartition gained = new TargetPartition(partition, session);
        mail.add(() -> folding.gained(gained, consumed));
    }

    /** Whether the source here reaches back to what the partition has consumed. */
    boolean mayOwn(int partition, FoldSourceTap.Starts starts) {
        for (int p = 0; p < sourcePartitions; p++) {
            Consumed consumed = target.consumed(partition, source, p);
            if (!starts.reachBackTo(p, consumed.place().offset())) {
                return false;
            }
        }
        return true;
    }

    void deliver(List<FoldOutbox.Post> posts) {
        List<Input> inputs = new ArrayList<>(posts.size());
        for (FoldOutbox.Post post : posts) {
            boolean isCurrent = post.session() == sessions.getOrDefault(post.partition(), 0);
            if (isCurrent && owned.get(post.partition())) {
                inputs.add(post.input());
            }
        }
        if (!inputs.isEmpty()) {
            target.step(loop, inputs);
        }
    }

    /** Of each source partition the first mark is the place; others are where that came from. */
    @Override
    public void marked(int partition, List<SourceMark> marks) {
        int before = -1;
        for (SourceMark mark : marks) {
            if (mark.service() == source && mark.partition() != before) {
                before = mark.partition();
                note(partition, mark.partition(), Consumed.of(List.of(mark)));
                if (owned.get(partition)) {
                    applied.add(new FoldMail.Applied(partition, mark));
                }
            }
        }
    }

    /** An entry of which only a part was handled is needed still. */
    @SuppressWarnings("NullAway") // of all partitions of this loop
    private void note(int partition, int sourcePartition, Consumed now) {
        consumed.get(partition)[sourcePartition] = now.place().offset();
        hasMoved = true;
    }

    /** The offset up to which all target partitions of this loop have consumed each source. */
    long[] leastConsumed() {
        long[] least = new long[sourcePartitions];
        Arrays.fill(least, Long.MAX_VALUE);
        for (long[] offsets : consumed.values()) {
            Arrays.setAll(least, p -> Math.min(least[p], offsets[p]));
        }
        return least;
    }

    @Override
    public void turn() {
        if (hasMoved) {
            hasMoved = false;
            mail.add(onMoved);
        }
        if (!applied.isEmpty()) {
            List<FoldMail.Applied> all = applied;
            applied = new ArrayList<>();
            mail.add(() -> folding.applied(all));
        }
    }

    @Override
    public void progressed(int partition) {}

    @Override
    public void synced(int partition, LogPosition place) {}

    /**
     * What an owner has taken in and not committed does not count: another may have to repeat it.
     */
    @Override
    public void replaced(int partition) {
        for (int p = 0; p < sourcePartitions && !target.isOwner(partition); p++) {
            Consumed all = target.consumed(partition, source, p);
            if (!all.isNothing()) {
                note(partition, p, all);
            }
        }
    }
}
