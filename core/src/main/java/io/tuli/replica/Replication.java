package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.machine.Partition;
import io.tuli.machine.Quorum;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Shares;
import io.tuli.ring.Ring;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The owner's side of replication: who follows, and how far each is.
 *
 * <p>The changelog itself is the only buffer: what a slow follower cannot take yet waits there, and
 * where it is trimmed meanwhile the follower gets a snapshot. Servers are sent entries as they are
 * appended, clients as they are committed.
 */
final class Replication {

    private static final int REPEATS_MOST = 10;

    /**
     * While a follower has not acknowledged what it was sent, more waits for its answer, up to so
     * many bytes: the busier the members are, the more entries a frame holds.
     */
    private static final int ENOUGH_BYTES = 16 * 1024;

    /** Of what snapshots may hold for all clients, one may have this part. */
    private static final int CLIENTS_PART = 2;

    /** A client that has taken nothing for so long makes place for the next, and asks again. */
    private static final long STALLED_NANOS = 5_000_000_000L;

    private final RoleContext context;
    private final Partition partition;
    private final Effects effects;
    private final Epoch epoch;
    private final Quorum quorum;
    private final Map<MemberId, Progress> followers = new LinkedHashMap<>();

    /** The same followers, to walk through often. */
    private Progress[] all = {};

    Replication(RoleContext context, Epoch epoch, Quorum quorum) {
        this.context = context;
        this.partition = context.partition;
        this.effects = context.effects;
        this.epoch = epoch;
        this.quorum = quorum;
        ringChanged();
    }

    void attach(MemberId member, LogPosition end, LogPosition committed, boolean isServer) {
        LogPosition from = LogSender.continuation(partition, end, committed);
        if (from == null && isBeingSentASnapshot(member)) {
            return;
        }
        Progress progress = new Progress(member, isServer);
        progress.counts(isServer && context.server(member.incarnation()) != null);
        if (from == null && isServer) {
            progress.recall = recall(0);
        } else if (from == null) {
            progress.needsSnapshot = true;
        } else {
            progress.next = from.offset();
            progress.match(from.offset());
        }
        release(followers.put(member, progress));
        changed();
    }

    private void release(@Nullable Progress gone) {
        if (gone != null) {
            gone.release(context.core.snapshots());
        }
    }

    private void changed() {
        all = followers.values().toArray(new Progress[0]);
        quorum.followers(all);
    }

    /**
     * A client asks again when it hears nothing for a while, as where very many partitions are sent
     * at once: it gets what is on its way. If it asks and asks, something was lost, and it begins
     * anew.
     */
    private boolean isBeingSentASnapshot(MemberId member) {
        Progress known = followers.get(member);
        return known != null
                && !known.isServer
                && (known.needsSnapshot || known.snapshot != null)
                && known.repeats++ < REPEATS_MOST;
    }

    private Frame.Recall recall(long from) {
        return new Frame.Recall(
                partition.service(),
                partition.number(),
                epoch,
                partition.log().lineage().starts(),
                partition.endOffset(),
                from);
    }

    /**
     * A follower's parted changelog tells what it has, part by part; after the last it gets ours.
     *
     * @param merger takes, at the last part, the fork and all that was told
     */
    void recalled(MemberId from, Frame.Recalled recalled, ObjLongConsumer<List<Entry>> merger) {
        Progress progress = followers.get(from);
        if (progress == null || progress.recall == null || !recalled.epoch().equals(epoch)) {
            return;
        }
        InvalidFrameException.require(
                recalled.fork() <= partition.endOffset(),
                "changelogs part where both are: end=" + partition.endOffset(),
                recalled.fork());
        progress.recalled.addAll(recalled.entries().list());
        progress.isRecallUnderWay = false;
        progress.recall =
                new Frame.Recall(
                        partition.service(),
                        partition.number(),
                        epoch,
                        progress.recall.lineage(),
                        progress.recall.end(),
                        recalled.next());
        if (recalled.last()) {
            boolean hasAny = !progress.recalled.isEmpty();
            merger.accept(progress.recalled, recalled.fork());
            progress.recall = null;
            progress.recalled.clear();
            progress.snapshot = snapshotAfterRecall(hasAny);
        }
    }

    /** Uncommitted entries are shown to nobody but those who give up their own for them. */
    private SnapshotSender snapshotAfterRecall(boolean hasMerged) {
        int frameBytes = context.core.frameBytes();
        return hasMerged
                ? SnapshotSender.ofEverything(partition, epoch, frameBytes)
                : SnapshotSender.ofCommitted(partition, epoch, frameBytes, true);
    }

    void detach(MemberId member) {
        Progress gone = followers.remove(member);
        if (gone != null) {
            release(gone);
            changed();
        }
    }

    void ringChanged() {
        Ring ring = context.ring();
        int servers = ring.servers().size();
        int others = servers - (ring.contains(context.core.self()) ? 1 : 0);
        quorum.servers(servers, context.serversMost(), others);
        for (Progress progress : followers.values()) {
            progress.counts(
                    progress.isServer && context.server(progress.member.incarnation()) != null);
        }
        changed();
    }

    /** Notes an acknowledgement; true if it tells something new. */
    boolean appended(MemberId from, Frame.Appended appended) {
        Progress progress = find(from);
        if (progress == null || !appended.epoch().equals(epoch)) {
            return false;
        }
        SnapshotSender snapshot = progress.snapshot;
        if (snapshot != null && snapshot.isDone() && snapshot.end().equals(appended.end())) {
            progress.snapshot = null;
            progress.next = appended.end().offset();
        }
        if (!partition.log().contains(appended.end())) {
            return false; // Forgotten meanwhile: then it needs another snapshot.
        }
        boolean isNews = progress.match() < appended.end().offset();
        progress.match(Math.max(progress.match(), appended.end().offset()));
        progress.next = Math.max(progress.next, progress.match());
        quorum.advanced(progress);
        return isNews;
    }

    /** Notes what a follower has on disk for good; true if that is news. */
    boolean synced(MemberId from, Frame.Synced synced) {
        Progress progress = find(from);
        if (progress == null
                || !synced.epoch().equals(epoch)
                || synced.end().offset() <= progress.synced()
                || !partition.log().lineage().has(synced.end(), partition.endOffset())) {
            return false;
        }
        progress.synced(synced.end().offset());
        return true;
    }

    private @Nullable Progress find(MemberId member) {
        for (Progress progress : all) {
            if (progress.member.equals(member)) {
                return progress;
            }
        }
        return null;
    }

    void snapshotTaken(MemberId from, Frame.SnapshotTaken taken) {
        Progress progress = followers.get(from);
        if (progress != null && progress.snapshot != null) {
            progress.snapshot.taken(taken);
        }
    }

    // ---- sending -------------------------------------------------------------------------------

    void flush() {
        flush(false);
    }

    /** Time has passed: what waits for an acknowledgement has waited long enough. */
    void tick(long now) {
        for (Progress progress : all) {
            if (progress.isStalled(now, STALLED_NANOS)) {
                detach(progress.member);
            }
        }
        flush(true);
    }

    /** Whether all followers have, and know of, all there is for them. */
    boolean isSettled() {
        for (Progress progress : all) {
            if (progress.isSentMore()
                    || progress.match() < untilOf(progress)
                    || progress.toldCommitted < partition.committedEnd()) {
                return false;
            }
        }
        return true;
    }

    private long untilOf(Progress progress) {
        return progress.isServer ? partition.endOffset() : partition.committedEnd();
    }

    private void flush(boolean isOverdue) {
        long needed = partition.committedEnd();
        for (Progress progress : all) {
            send(progress, isOverdue);
            needed = Math.min(needed, progress.neededFrom());
        }
        partition.trim(needed);
    }

    private void send(Progress progress, boolean isOverdue) {
        if (progress.recall != null) {
            if (!progress.isRecallUnderWay && effects.outbox().isWritable(progress.member)) {
                progress.isRecallUnderWay = true;
                effects.outbox().send(progress.member, progress.recall);
            }
            return;
        }
        boolean lacksEntries = progress.next < partition.log().start().offset();
        if (progress.snapshot == null && (progress.needsSnapshot || lacksEntries)) {
            if (!effects.outbox().isWritable(progress.member) || !mayHoldOneMore(progress)) {
                return; // A snapshot holds much; so none is made before it can be sent.
            }
            progress.needsSnapshot = false;
            progress.snapshot =
                    SnapshotSender.ofCommitted(
                            partition, epoch, context.core.frameBytes(), progress.isServer);
            if (!progress.isServer) {
                progress.hold(context.core.snapshots());
            }
        }
        if (progress.snapshot != null) {
            sendPartsOf(progress.snapshot, progress);
            return;
        }
        long until = untilOf(progress);
        if (!isOverdue
                && progress.match() < progress.next
                && partition.log().isShorter(progress.next, until, ENOUGH_BYTES)) {
            askToSync(progress);
            return;
        }
        while ((progress.next < until || progress.toldCommitted < partition.committedEnd())
                && effects.outbox().isWritable(progress.member)) {
            Entries entries =
                    partition.log().range(progress.next, until, context.core.frameBytes());
            LogPosition prev = partition.log().positionAt(progress.next);
            effects.outbox()
                    .send(
                            progress.member,
                            new Frame.Append(
                                    partition.service(),
                                    partition.number(),
                                    epoch,
                                    prev,
                                    partition.committedEnd(),
                                    entries));
            progress.next += entries.size();
            progress.toldCommitted = partition.committedEnd();
        }
        askToSync(progress);
    }

    /** Behind the entries that somebody wants to be on disks. */
    private void askToSync(Progress progress) {
        long wanted = quorum.syncWanted();
        if (progress.counts()
                && progress.syncAsked < wanted
                && wanted <= progress.next
                && effects.outbox().isWritable(progress.member)) {
            progress.syncAsked = wanted;
            effects.outbox()
                    .send(
                            progress.member,
                            new Frame.Sync(partition.service(), partition.number(), epoch, wanted));
        }
    }

    private void sendPartsOf(SnapshotSender snapshot, Progress progress) {
        while (snapshot.mayGoOn() && effects.outbox().isWritable(progress.member)) {
            effects.outbox().send(progress.member, snapshot.next());
        }
        if (snapshot.isDone()) {
            progress.release(context.core.snapshots());
        }
    }

    /**
     * Whether a snapshot may be made: clients that take nothing make nobody hold more than
     * changelogs hold for those who lag, and one more.
     */
    private boolean mayHoldOneMore(Progress progress) {
        Shares held = context.core.snapshots();
        long most = context.core.limits().laggingBytes();
        boolean isRoom = held.sum() <= most && held.of(progress.member) <= most / CLIENTS_PART;
        return progress.isServer || isRoom;
    }

    /**
     * Tells clients at once whom to ask now; servers have been fenced themselves.
     *
     * @param latest the highest epoch that is known here
     */
    void end(Epoch latest) {
        for (Progress progress : followers.values()) {
            effects.outbox()
                    .send(
                            progress.member,
                            new Frame.NotOwner(partition.service(), partition.number(), latest));
        }
        followers.values().forEach(this::release);
        followers.clear();
        changed();
    }

    List<FollowerReport> report() {
        return followers.values().stream()
                .map(progress -> new FollowerReport(progress.member, progress.match()))
                .toList();
    }
}
