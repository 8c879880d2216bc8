package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Entry;
import io.tuli.machine.Partition;
import io.tuli.machine.PendingRequest;
import io.tuli.merge.DivergedSuffix;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a partition over: fences every other server that may hold entries, adopts the longest
 * changelog, opens the epoch.
 *
 * <p>Safe because nobody appends for a lower epoch once it has promised this one, so what the
 * answers show is all there will ever be; and complete because it waits for every server of the
 * ring and every one that is leaving - a silent one is removed by failure detection, the ring
 * changes, and the step begins anew. Requests wait meanwhile, bounded. One thread.
 */
final class Candidate implements PartitionRole {

    private static final long ASK_AGAIN_NANOS = 100_000_000L;
    private static final long FETCH_AGAIN_NANOS = 1_000_000_000L;

    private final RoleContext context;
    private final Partition partition;
    private final Epoch epoch;
    private final Set<MemberId> silent = new LinkedHashSet<>();
    private final Map<MemberId, Frame.Promise> promises = new LinkedHashMap<>();
    private final Map<MemberId, Frame.Follow> follows = new LinkedHashMap<>();

    private List<Entry> rescued = List.of();
    private long rescuedFork;
    private long nextAskNanos;
    private @Nullable MemberId source;
    private @Nullable SnapshotReceiver snapshot;
    private @Nullable Adopted adopted;

    Candidate(RoleContext context, Epoch epoch, long now) {
        this.context = context;
        this.partition = context.partition;
        this.epoch = epoch;
        this.nextAskNanos = now + ASK_AGAIN_NANOS;
    }

    @Override
    public String title() {
        return "taking-over";
    }

    void begin(long now) {
        silent.addAll(context.ring().servers());
        silent.addAll(context.ring().leaving());
        silent.remove(context.core.self());
        silent.forEach(this::fence);
        adoptIfComplete(now);
    }

    private void fence(MemberId server) {
        context.effects
                .outbox()
                .send(
                        server,
                        new Frame.Fence(
                                partition.service(),
                                partition.number(),
                                epoch,
                                context.ring().hash()));
    }

    void promised(MemberId from, Frame.Promise promise, long now) {
        if (promise.epoch().equals(epoch) && silent.remove(from)) {
            promises.put(from, promise);
            adoptIfComplete(now);
        }
    }

    void notYet(MemberId from, long now) {
        if (silent.contains(from)) {
            nextAskNanos = Math.min(nextAskNanos, now + ASK_AGAIN_NANOS / 4);
        }
    }

    /** Somebody has promised more: begin again above it. */
    void outbid(Epoch higher, long now) {
        partition.promise(higher);
        if (context.isRingOwner()) {
            context.takeOver();
        } else {
            context.follow(higher);
        }
    }

    @Override
    public long tick(long now) {
        if (now - nextAskNanos >= 0) {
            askAgain(now);
        }
        return 0;
    }

    private void askAgain(long now) {
        nextAskNanos = now + ASK_AGAIN_NANOS;
        if (source != null) {
            nextAskNanos = now + FETCH_AGAIN_NANOS;
            fetch(source);
        } else {
            silent.forEach(this::fence);
        }
    }

    @Override
    public void ringChanged(long now) {
        if (context.isRingOwner()) {
            context.takeOver();
        } else {
            context.follow(epoch);
        }
    }

    @Override
    public void linkUp(MemberId member, long now) {
        nextAskNanos = now;
        tick(now);
    }

    @Override
    public void linkDown(MemberId member) {
        snapshot = null;
    }

    // ---- adopting the longest changelog --------------------------------------------------------

    private void adoptIfComplete(long now) {
        if (!silent.isEmpty()) {
            return;
        }
        MemberId best = null;
        LogPosition longest = partition.end();
        for (Map.Entry<MemberId, Frame.Promise> answer : promises.entrySet()) {
            if (answer.getValue().end().compareTo(longest) > 0) {
                best = answer.getKey();
                longest = answer.getValue().end();
            }
        }
        if (best == null) {
            open();
        } else {
            source = best;
            nextAskNanos = now + FETCH_AGAIN_NANOS;
            fetch(best);
        }
    }

    private void fetch(MemberId from) {
        snapshot = null;
        context.effects
                .outbox()
                .send(
                        from,
                        new Frame.Fetch(
                                partition.service(),
                                partition.number(),
                                epoch,
                                adopted == null ? partition.end() : adopted.end(),
                                adopted == null ? partition.firm() : adopted.at()));
    }

    void fetched(MemberId from, Frame.Fetched fetched, long now) {
        if (!fetched.epoch().equals(epoch) || !from.equals(source)) {
            return;
        }
        if (!(adopted == null ? isAppended(fetched) : adopted.isFollowedBy(fetched))) {
            return;
        }
        if (!fetched.last()) {
            nextAskNanos = now + FETCH_AGAIN_NANOS;
            fetch(from);
            return;
        }
        if (adopted != null) {
            adopt(adopted);
        }
        partition.commitTo(Math.min(fetched.committed().offset(), partition.endOffset()));
        open();
    }

    private boolean isAppended(Frame.Fetched fetched) {
        LogPosition prev = fetched.prev();
        if (!partition.log().contains(prev) || prev.offset() < partition.firmEnd()) {
            return false;
        }
        partition.truncateTo(prev.offset());
        partition.append(fetched.entries());
        partition.commitTo(Math.min(fetched.committed().offset(), partition.endOffset()));
        return true;
    }

    void snapshot(MemberId from, Frame.SnapshotPart part, long now) {
        if (!part.epoch().equals(epoch) || !from.equals(source)) {
            return;
        }
        nextAskNanos = now + FETCH_AGAIN_NANOS;
        if (part.index() == 0) {
            snapshot = new SnapshotReceiver(part.at());
        }
        SnapshotReceiver receiver = snapshot;
        if (receiver == null || !receiver.isNext(part)) {
            return;
        }
        receiver.add(part);
        context.keep(part);
        if (part.last()) {
            adopted = new Adopted(part.at(), receiver.whole(), receiver.count(), new ArrayList<>());
            fetch(from);
        } else {
            context.effects.outbox().send(from, SnapshotReceiver.taken(part));
        }
    }

    /**
     * The adopted changelog is another one than ours. Ours is given up only now that all of the
     * other is here, for in the same moment we own, and merge what only we had.
     */
    private void adopt(Adopted other) {
        DivergedSuffix diverged =
                new DivergedSuffix(
                        context.partition, context.core, other.whole.lineage(), other.at.offset());
        rescuedFork = diverged.fork();
        rescued = diverged.all();
        context.install(other.at, other.whole, other.parts);
        other.entries.forEach(partition::append);
    }

    /** A changelog on its way here: a snapshot, and the entries that follow it. */
    private record Adopted(LogPosition at, Snapshot whole, int parts, List<Entry> entries) {

        LogPosition end() {
            return entries.isEmpty() ? at : entries.getLast().position();
        }

        /** Takes the next part, if it is the next. */
        boolean isFollowedBy(Frame.Fetched fetched) {
            boolean isNext = fetched.prev().equals(end());
            if (isNext) {
                entries.addAll(fetched.entries().list());
            }
            return isNext;
        }
    }

    private void open() {
        List<Opening.Known> followers = new ArrayList<>();
        promises.forEach(
                (member, promise) ->
                        followers.add(
                                new Opening.Known(
                                        member, promise.end(), promise.committed(), true)));
        follows.forEach(
                (member, follow) ->
                        followers.add(
                                new Opening.Known(
                                        member,
                                        follow.end(),
                                        follow.committed(),
                                        follow.counts())));
        context.own(new Opening(epoch, rescuedFork, rescued, followers));
    }

    // ---- others ask ----------------------------------------------------------------------------

    @Override
    public void request(PendingRequest pending, long now) {
        context.unowned.add(pending);
    }

    @Override
    public void follow(MemberId from, Frame.Follow follow, long now) {
        if (!follow.promised().isAfter(epoch)) {
            follows.put(from, follow);
        } else if (follow.counts()) {
            outbid(follow.promised(), now);
        } // Without a vote it is heard by whoever will be the owner, when it asks again.
    }

    @Override
    public void flush() {}

    @Override
    public void end(Epoch higher) {
        if (higher.owner() != context.core.self().incarnation()) {
            context.unowned.redirectAll(higher);
        }
    }
}
