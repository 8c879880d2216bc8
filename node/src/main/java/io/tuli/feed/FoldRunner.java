package io.tuli.feed;

import io.tuli.MeshEvent;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/**
 * Folds one service into another on this member, which must hold a replica of the source: for each
 * partition of the target that it owns, every change of the source exactly once, in the order of
 * each source partition.
 *
 * <p>The member makes one per pair of services, calls {@link #start} when both hubs exist, {@link
 * #roleChanged} from the core's effect of that name, and {@link #close} before its loops end. User
 * code - the fold - runs on one virtual thread of the runner's own.
 *
 * <p>Limits. A new owner goes on from the marks in the target's own log, so the source's changelog
 * here must reach back to them; they are at most {@code watermarkEvery}, 1,024 entries or 512 KiB
 * of a source partition behind. Where it does not - this member has the source from a younger
 * snapshot, or the source was trimmed before it was folded for the first time - a FOLD_INEXACT
 * event says so and the fold goes on from the oldest entry there is. A target partition with {@code
 * inFlightMax} messages in flight stays behind by itself; the others go on.
 */
public final class FoldRunner implements AutoCloseable {

    private final FeedHub source;
    private final FeedHub targetHub;
    private final FoldTarget target;
    private final Waiter waiter = new Waiter();
    private final FoldMail mail = new FoldMail(waiter);
    private final FoldSourceTap[] sourceTaps;
    private final FoldTargetTap[] targetTaps;
    private final Folding folding;
    private final long watermarkNanos;
    private final Consumer<MeshEvent> events;
    private final Thread thread;
    private volatile boolean isClosed;

    /**
     * A runner that does nothing before {@link #start}.
     *
     * @param source what follows the replica folded from
     * @param targetHub what follows the replica folded into
     */
    public FoldRunner(FeedHub source, FeedHub targetHub, FoldTarget target, FoldConfig config) {
        this.source = source;
        this.targetHub = targetHub;
        this.target = target;
        FeedSource replica = source.source();
        AtomicIntegerArray isTold = new AtomicIntegerArray(replica.partitions());
        sourceTaps = new FoldSourceTap[replica.loops()];
        for (int loop = 0; loop < sourceTaps.length; loop++) {
            sourceTaps[loop] = new FoldSourceTap(replica, loop, mail, isTold);
        }
        targetTaps = new FoldTargetTap[target.loops()];
        for (int loop = 0; loop < targetTaps.length; loop++) {
            targetTaps[loop] = new FoldTargetTap(target, loop, mail, source);
        }
        FoldOutbox outbox = new FoldOutbox(target, targetTaps);
        FoldMessages messages =
                new FoldMessages(replica.service(), target.spec(), config, () -> isClosed);
        folding = new Folding(source, messages, config, outbox, mail);
        events = config.events();
        watermarkNanos = config.watermarkEvery().toNanos();
        String name = "tuli-fold-" + replica.service() + "-" + target.spec().name();
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Begins to fold for what this member owns and will own. */
    public void start() {
        for (int loop = 0; loop < sourceTaps.length; loop++) {
            source.attach(sourceTaps[loop], loop);
        }
        for (int loop = 0; loop < targetTaps.length; loop++) {
            targetHub.attach(targetTaps[loop], loop);
        }
        thread.start();
    }

    /**
     * This member's part in a partition of the target is another now, or begins anew. On the
     * partition's loop; may be called within a step of the core.
     */
    public void roleChanged(int partition) {
        targetTaps[target.loopOf(partition)].roleChanged(partition);
    }

    private void run() {
        try {
            fold();
        } catch (Throwable broken) {
            events.accept(
                    new MeshEvent(
                            MeshEvent.Kind.FOLD_INEXACT,
                            target.spec().name(),
                            "a fold runs until it is closed: source="
                                    + source.source().service()
                                    + " stopped by "
                                    + broken
                                    + "; restart this member"));
            throw broken;
        }
    }

    private void fold() {
        long nextMarkNanos = System.nanoTime() + watermarkNanos;
        while (!isClosed) {
            mail.readTo(folding);
            folding.read();
            long now = System.nanoTime();
            if (now - nextMarkNanos >= 0) {
                nextMarkNanos = now + watermarkNanos;
                folding.markAll();
            }
            long patience = folding.hasUnmarked() ? nextMarkNanos - now : Long.MAX_VALUE;
            waiter.await(() -> isClosed || !mail.isEmpty(), patience);
            if (!isClosed) {
                boolean unused = Thread.interrupted();
            }
        }
    }

    /** Ends it: the thread leaves as soon as the fold's function comes back; it is interrupted. */
    @Override
    public void close() {
        isClosed = true;
        for (int loop = 0; loop < sourceTaps.length; loop++) {
            source.detach(sourceTaps[loop], loop);
        }
        for (int loop = 0; loop < targetTaps.length; loop++) {
            targetHub.detach(targetTaps[loop], loop);
        }
        waiter.signal();
        thread.interrupt();
    }

    /** Whether its thread has left. */
    boolean hasEnded() {
        return !thread.isAlive();
    }
}
