package io.tuli.fold;

import io.tuli.MeshEvent;
import io.tuli.feed.FeedHub;
import io.tuli.feed.FeedSource;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Thrown;
import io.tuli.spin.Waiter;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds one service into another on this member, which must hold a replica of the source: for each
 * partition of the target that it owns, every change of the source exactly once, in the order of
 * each source partition.
 *
 * <p>The member makes one per pair of services, calls {@link #start} when both hubs exist, {@link
 * #roleChanged} from the core's effect of that name, and {@link #close} before its loops end. User
 * code - the fold - runs on one virtual thread of the runner's own.
 *
 * <p>A new owner goes on from the marks in the target's own log, which are at most {@code
 * watermarkEvery}, 512 entries or 128 KiB of a source partition behind what has been looked at. So
 * that the source's changelog reaches back to them everywhere, every member with a runner keeps
 * what any target partition has not consumed ({@link FeedHub#neededFrom}), and does not take a
 * partition over before it can go on ({@link #mayOwn}).
 *
 * <p>Limits. Where the changelog does not reach back all the same - the fold lags by more than the
 * changelog may hold, or the source was trimmed before it was folded for the first time - a
 * FOLD_INEXACT event says so and the fold goes on from the oldest entry there is. A target
 * partition with {@code inFlightMax} messages in flight stays behind by itself; the others go on.
 * After a split of the network the source's changelog may be another one, which brings the rest as
 * merged entries: {@link io.tuli.log.Consumed} tells what of it is new.
 */
public final class FoldRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FoldRunner.class);

    /** After something went wrong. */
    private static final long BREATHER_NANOS = 1_000_000_000L;

    private final FeedHub source;
    private final FeedHub targetHub;
    private final FoldTarget target;
    private final Waiter waiter = new Waiter();
    private final FoldMail mail;
    private final FoldSourceTap.Starts starts;
    private final FoldSourceTap[] sourceTaps;
    private final FoldTargetTap[] targetTaps;
    private final Folding folding;
    private final FoldRetention retention;
    private final long watermarkNanos;
    private final Consumer<MeshEvent> events;
    private final @Nullable Thread thread;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final LogLimit limit = new LogLimit();
    private long nextMarkNanos;
    private boolean hasBegun;

    /**
     * A runner that does nothing before {@link #start}.
     *
     * @param source what follows the replica folded from
     * @param targetHub what follows the replica folded into
     */
    public FoldRunner(FeedHub source, FeedHub targetHub, FoldTarget target, FoldConfig config) {
        this(source, targetHub, target, config, null);
    }

    /**
     * A runner without a thread, for where time is not real: whoever is woken calls {@link #round}
     * soon after.
     */
    public FoldRunner(
            FeedHub source,
            FeedHub targetHub,
            FoldTarget target,
            FoldConfig config,
            @Nullable Runnable wake) {
        this.source = source;
        this.targetHub = targetHub;
        this.target = target;
        FeedSource replica = source.source();
        mail = new FoldMail(wake == null ? waiter::signal : wake);
        starts = new FoldSourceTap.Starts(replica.partitions());
        sourceTaps = new FoldSourceTap[replica.loops()];
        targetTaps = new FoldTargetTap[target.loops()];
        FoldOutbox outbox =
                new FoldOutbox(target, (loop, posts) -> targetTaps[loop].deliver(posts));
        FoldMessages messages =
                new FoldMessages(replica.service(), target.spec(), config, isClosed::get);
        folding = new Folding(source, messages, config, outbox, mail);
        retention = new FoldRetention(replica, sourceTaps, target, targetTaps, mail);
        for (int loop = 0; loop < sourceTaps.length; loop++) {
            sourceTaps[loop] = new FoldSourceTap(source, loop, mail, starts, folding);
        }
        for (int loop = 0; loop < targetTaps.length; loop++) {
            targetTaps[loop] =
                    new FoldTargetTap(target, loop, source, mail, folding, retention::due);
        }
        events = config.events();
        watermarkNanos = Durations.nanos(config.watermarkEvery());
        String name = "tuli-fold-" + replica.service() + "-" + target.spec().name();
        thread = wake == null ? Thread.ofVirtual().name(name).unstarted(this::run) : null;
    }

    /** Begins to fold for what this member owns and will own. */
    public void start() {
        source.foldBegan();
        for (int loop = 0; loop < sourceTaps.length; loop++) {
            source.attach(sourceTaps[loop], loop);
        }
        for (int loop = 0; loop < targetTaps.length; loop++) {
            targetHub.attach(targetTaps[loop], loop);
        }
        if (thread != null) {
            thread.start();
        }
    }

    /**
     * This member's part in a partition of the target is another now, or begins anew. On the
     * partition's loop; may be called within a step of the core.
     */
    public void roleChanged(int partition) {
        targetTaps[target.loopOf(partition)].roleChanged(partition);
    }

    /**
     * Whether this member can go on folding for a partition it does not own yet: its source is in
     * sync and reaches back to what the partition has consumed. A member that has the source from a
     * younger snapshot can a little later, when the owner has written its next watermarks; to own
     * before would leave changes out. On the partition's loop; may be called within a step.
     */
    public boolean mayOwn(int partition) {
        return targetTaps[target.loopOf(partition)].mayOwn(partition, starts);
    }

    /** A fold ends when it is closed, and not before: whatever goes wrong, it begins anew. */
    private void run() {
        while (!isClosed.get()) {
            try {
                fold();
            } catch (Throwable broken) {
                beginAnew(broken);
            }
        }
    }

    private void beginAnew(Throwable broken) {
        if (limit.mayLog()) {
            String rule =
                    "a fold goes on whatever happens, it begins anew where it has been applied";
            String where = ": source=" + source.source().service() + " because ";
            String text = rule + where + Thrown.text(broken);
            Wall.log(LOG, text, broken);
            String into = target.spec().name();
            events.accept(MeshEvent.of(MeshEvent.Kind.FOLD_INEXACT, text).service(into));
        }
        waiter.await(isClosed::get, BREATHER_NANOS);
        for (int loop = 0; loop < targetTaps.length; loop++) {
            target.execute(loop, targetTaps[loop]::beginAnew);
        }
    }

    private void fold() {
        while (!isClosed.get()) {
            long patience = round(System.nanoTime());
            waiter.await(() -> isClosed.get() || !mail.isEmpty(), patience);
            if (!isClosed.get()) {
                boolean unused = Thread.interrupted();
            }
        }
    }

    /**
     * Does what there is to do at a monotonic time, and answers after how many nanoseconds there
     * will be more even if nothing happens; {@code Long.MAX_VALUE} for never. One thread.
     */
    public long round(long now) {
        if (!hasBegun) {
            hasBegun = true;
            nextMarkNanos = now + watermarkNanos;
        }
        mail.read();
        folding.read();
        if (now - nextMarkNanos >= 0) {
            nextMarkNanos = now + watermarkNanos;
            folding.markAll();
            retention.round();
        }
        boolean isDue = folding.hasUnmarked() || retention.isDue();
        return isDue ? nextMarkNanos - now : Long.MAX_VALUE;
    }

    /** Ends it: the thread leaves as soon as the fold's function comes back; it is interrupted. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        source.foldEnded();
        for (int loop = 0; loop < sourceTaps.length; loop++) {
            source.detach(sourceTaps[loop], loop);
        }
        for (int loop = 0; loop < targetTaps.length; loop++) {
            targetHub.detach(targetTaps[loop], loop);
        }
        waiter.signal();
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Whether its thread has left. */
    boolean hasEnded() {
        return thread == null || !thread.isAlive();
    }
}
