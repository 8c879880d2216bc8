package io.tuli.feed;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.TuliException;
import io.tuli.hold.AckRules;
import io.tuli.hold.Acks;
import io.tuli.hold.Hold;
import io.tuli.log.Consumed;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Input;
import io.tuli.protocol.Observer.Reading;
import io.tuli.protocol.ServiceSpec;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The part of a group's reader that lives on one loop: claims the loop's partitions, reads those
 * that it is granted, says what is consumed. Used on its loop alone, except {@link #refill} and
 * {@link #isAlive}.
 *
 * <p>A loop that stood still for long may have lost what it was granted: until it has heard of
 * that, the consumer begins nothing.
 */
final class GroupLoop implements Tap.Part {

    private static final int WORK_MAX = 512;
    private static final long SAY_AGAIN_NANOS = 1_000_000_000L;

    /** So long what was delivered may be acknowledged when it is to stop. */
    private static final long GRACE_NANOS = 2_000_000_000L;

    private static final long PAUSE_NANOS = 2_000_000_000L;

    private final FeedBuffer feed;
    private final FeedHub hub;
    private final FeedSource source;
    private final int loop;
    private final String group;
    private final long reader;
    private final int service;
    private final @Nullable GroupCursor[] cursors;
    private final BitSet joined = new BitSet();
    private final ArrayDeque<GroupCursor> ready = new ArrayDeque<>();
    private final AtomicBoolean isStarved = new AtomicBoolean();
    private boolean isPumpPosted;
    private boolean hasLeft;
    private long tickedNanos;
    private final long tellNanos;
    private long toldNanos;
    private long saidNanos;
    private volatile long aliveNanos;

    GroupLoop(FeedBuffer feed, FeedHub hub, int loop, String group, long reader) {
        this.feed = feed;
        this.hub = hub;
        this.source = hub.source();
        this.loop = loop;
        this.group = group;
        this.reader = reader;
        this.service = ServiceSpec.numberOf(source.service());
        this.cursors = new GroupCursor[source.partitions()];
        this.tickedNanos = source.nanoTime();
        this.tellNanos = Durations.nanos(source.groups().report());
        this.toldNanos = tickedNanos;
        this.saidNanos = tickedNanos;
        this.aliveNanos = tickedNanos;
    }

    // ---- claiming ------------------------------------------------------------------------------

    @Override
    public void attached() {
        for (int partition = 0; partition < cursors.length; partition++) {
            if (source.loopOf(partition) == loop && hub.hasSynced(partition)) {
                join(partition);
            }
        }
    }

    @Override
    public void synced(int partition, LogPosition place) {
        source.execute(loop, () -> join(partition));
    }

    private void join(int partition) {
        if (!hasLeft) {
            joined.set(partition);
            List<LogPosition> from = from(partition).places();
            source.step(loop, new Input.ReaderJoined(service, partition, reader, group, from));
        }
    }

    /** What counts as consumed where the group is new. */
    private Consumed from(int partition) {
        Position from = feed.plan().from();
        List<LogPosition> epochs = source.epochs(partition);
        return switch (from.kind()) {
            case LATEST, TIME -> Consumed.upTo(epochs, source.applied(partition));
            case START -> Consumed.NOTHING;
            case EXACT -> {
                LogPosition place = from.exact().getOrDefault(partition, LogPosition.START);
                boolean isHere = source.contains(partition, place);
                yield isHere ? Consumed.upTo(epochs, place) : Consumed.ofPlaces(List.of(place));
            }
        };
    }

    @Override
    public void detached() {
        hasLeft = true;
        for (int p = joined.nextSetBit(0); p >= 0; p = joined.nextSetBit(p + 1)) {
            GroupCursor cursor = cursors[p];
            if (cursor == null) {
                source.step(loop, new Input.ReaderLeft(service, p, reader));
            } else if (cursor.hold.revoke()) {
                stopped(cursor);
            }
        }
    }

    // ---- what the owner says -------------------------------------------------------------------

    @Override
    public void reading(int partition, Reading told) {
        if (told.reader() != reader) {
            return;
        }
        switch (told) {
            case Reading.Granted granted -> granted(partition, granted);
            case Reading.Revoked revoked -> {
                GroupCursor cursor = cursors[partition];
                if (cursor != null) {
                    cursor.revokedNanos = source.nanoTime();
                    if (cursor.hold.revoke()) {
                        source.execute(loop, () -> stopped(cursor));
                    }
                }
            }
            case Reading.Refused refused ->
                    feed.end(
                            new TuliException(
                                    Failure.OVERLOADED,
                                    refused.why()
                                            + ": service="
                                            + source.service()
                                            + " group="
                                            + group));
        }
    }

    private void granted(int partition, Reading.Granted granted) {
        if (hasLeft || cursors[partition] != null) {
            return;
        }
        Hold hold =
                new Hold(
                        granted.grant(),
                        granted.consumed(),
                        () -> source.execute(loop, () -> stopped(partition, granted.grant())),
                        () -> source.execute(loop, this::tellAll));
        AckRules rules = feed.plan().acks();
        if (rules != null) {
            int most = source.groups().unsettled();
            Acks unused = hold.acknowledged(rules, source, most, granted.acks().marks());
        }
        GroupCursor cursor = new GroupCursor(feed, source, partition, hold);
        cursors[partition] = cursor;
        enqueue(cursor);
        pumpLater();
    }

    private void stopped(int partition, LogPosition grant) {
        GroupCursor cursor = cursors[partition];
        if (cursor != null && cursor.hold.grant.equals(grant)) {
            stopped(cursor);
        }
    }

    /** Nothing of it runs any more: that is said with what was consumed. */
    private void stopped(GroupCursor cursor) {
        int partition = cursor.partition();
        if (cursors[partition] != cursor || (!hasLeft && !mayStop(cursor))) {
            return;
        }
        Acks acks = cursor.hold.acks();
        if (acks != null) {
            acks.close();
        }
        cursors[partition] = null;
        tell(partition, cursor, true);
        if (hasLeft) {
            source.step(loop, new Input.ReaderLeft(service, partition, reader));
        }
    }

    /** What was delivered may still be acknowledged, for a while. */
    private boolean mayStop(GroupCursor cursor) {
        Acks acks = cursor.hold.acks();
        return acks == null
                || acks.isQuiet()
                || source.nanoTime() - cursor.revokedNanos >= GRACE_NANOS;
    }

    private void tell(int partition, GroupCursor cursor, boolean isStopped) {
        Acks acks = cursor.hold.acks();
        List<LogPosition> places = cursor.hold.consumed().places();
        Extras.Acks known =
                acks == null
                        ? Extras.Acks.NONE
                        : new Extras.Acks(
                                acks.marks(), isStopped ? List.of() : acks.rejected(), List.of());
        source.step(
                loop, new Input.ReaderTook(service, partition, reader, places, known, isStopped));
    }

    private void tellAll() {
        for (int p = joined.nextSetBit(0); p >= 0; p = joined.nextSetBit(p + 1)) {
            GroupCursor cursor = cursors[p];
            if (cursor != null && !cursor.hold.isRevoked()) {
                boolean unused = cursor.hasSettled();
                if (cursor.hold.takeNews()) {
                    tell(p, cursor, false);
                }
            }
        }
    }

    // ---- reading -------------------------------------------------------------------------------

    @Override
    public void progressed(int partition) {
        GroupCursor cursor = cursors[partition];
        if (cursor != null) {
            enqueue(cursor);
        }
    }

    @Override
    public void replaced(int partition) {
        GroupCursor cursor = cursors[partition];
        if (cursor != null) {
            cursor.replaced();
        }
        if (joined.get(partition)) {
            source.execute(loop, () -> join(partition)); // the replica may be another
        }
    }

    @Override
    public void marked(int partition, List<SourceMark> marks) {}

    @Override
    public void turn() {
        pump();
    }

    @Override
    public void tick(long nowNanos) {
        boolean hasPaused = nowNanos - tickedNanos > PAUSE_NANOS;
        tickedNanos = nowNanos;
        if (hasPaused) {
            return;
        }
        aliveNanos = nowNanos;
        if (feed.plan().acks() != null) {
            lookAtAcks(nowNanos);
        }
        if (nowNanos - toldNanos >= tellNanos) {
            toldNanos = nowNanos;
            tellAll();
            for (GroupCursor cursor : cursors) {
                if (cursor != null) {
                    enqueue(cursor);
                }
            }
            pump();
        }
    }

    /** What is due comes again; what is kept as rejected is settled; who has stopped says so. */
    private void lookAtAcks(long nowNanos) {
        boolean isSaid = nowNanos - saidNanos >= SAY_AGAIN_NANOS;
        saidNanos = isSaid ? nowNanos : saidNanos;
        for (int p = joined.nextSetBit(0); p >= 0; p = joined.nextSetBit(p + 1)) {
            GroupCursor cursor = cursors[p];
            Acks acks = cursor == null ? null : cursor.hold.acks();
            if (cursor == null || acks == null) {
                continue;
            }
            if (acks.isRejecting()) {
                GroupPlace place = source.group(p, group);
                if (place != null) {
                    acks.kept(place);
                }
                if (isSaid && !cursor.hold.isRevoked() && acks.isRejecting()) {
                    tell(p, cursor, false);
                }
            }
            if (cursor.hold.isRevoked()) {
                if (!cursor.hold.isBusy()) {
                    stopped(cursor);
                }
            } else {
                feed.again(acks.due());
            }
        }
    }

    private void enqueue(GroupCursor cursor) {
        if (!cursor.isQueued) {
            cursor.isQueued = true;
            ready.add(cursor);
        }
    }

    private void pumpLater() {
        if (!isPumpPosted) {
            isPumpPosted = true;
            source.execute(
                    loop,
                    () -> {
                        isPumpPosted = false;
                        pump();
                    });
        }
    }

    private void pump() {
        if (isStarved.get()) {
            return;
        }
        int work = 0;
        boolean mayGoOn = true;
        while (mayGoOn && !ready.isEmpty() && work < WORK_MAX && feed.isOpen()) {
            GroupCursor cursor = ready.element();
            Cursor.Fetched fetched = cursor.hold.isRevoked() ? Cursor.Fetched.DONE : cursor.fetch();
            work += 1 + cursor.looked();
            mayGoOn = mayGoOn(cursor, fetched);
        }
        feed.signal();
        if (mayGoOn && !ready.isEmpty() && feed.isOpen()) {
            pumpLater();
        }
    }

    /** False when there is no room, and the consumer will ask for more. */
    private boolean mayGoOn(GroupCursor cursor, Cursor.Fetched fetched) {
        switch (fetched) {
            case DONE, AHEAD -> {
                ready.remove();
                cursor.isQueued = false;
            }
            case MORE -> {
                ready.remove();
                ready.add(cursor);
            }
            case AGAIN -> {}
            case FULL -> {
                isStarved.set(true);
                feed.signal();
                return feed.isHungry() && isStarved.compareAndSet(true, false);
            }
        }
        return true;
    }

    // ---- any thread ----------------------------------------------------------------------------

    @Override
    public void refill() {
        if (isStarved.get() && isStarved.compareAndSet(true, false)) {
            source.execute(loop, this::pump);
        }
    }

    @Override
    public boolean isAlive() {
        return source.nanoTime() - aliveNanos <= PAUSE_NANOS;
    }
}
