package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Entries;
import io.tuli.log.EntryReader;
import io.tuli.machine.Partition;
import io.tuli.machine.PendingRequest;
import io.tuli.merge.DivergedSuffix;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps up with the owner: finds it, asks it for what is missing, appends what comes in order,
 * applies what is committed.
 *
 * <p>A server that the ring wants as owner takes over from here: at once where the owner is gone,
 * and where it is alive as soon as this replica is in sync, so that the hand-over moves no data. A
 * client is a follower for ever. One thread.
 */
final class Follower implements PartitionRole {

    private static final long ASK_AGAIN_NANOS = 100_000_000L;
    private static final long HELD_BACK_NANOS = 5_000_000_000L;
    private static final long SILENCE_NANOS = 1_000_000_000L;

    /** An owner so long still is asked again: it may have forgotten us, and a word may be lost. */
    private static final long STILLNESS_NANOS = 10_000_000_000L;

    /** Each time in vain it is asked half as often; an idle mesh has little to say. */
    private static final long STILLNESS_MOST_NANOS = 32 * STILLNESS_NANOS;

    /** In place of an offset. */
    private static final long NOTHING = -1;

    private final RoleContext context;
    private final Partition partition;
    private final Set<MemberId> denied = new HashSet<>();
    private @Nullable MemberId owner;
    private boolean isInSync;
    private boolean hasToldAll;
    private long knownEnd;
    private long nextAskNanos;
    private long heardNanos;
    private long stillnessNanos = STILLNESS_NANOS;

    /** Whether the owner's changelog replaces what is here, though that seems to go further. */
    private boolean isGoingBack;

    private boolean isHeldBack;
    private long heldBackNanos;
    private long unacknowledged = NOTHING;
    private long acknowledged = NOTHING;
    private @Nullable SnapshotReceiver snapshot;

    /** The last part of it that has come, while its sender is not told so. */
    private Frame.@Nullable SnapshotTaken untold;

    Follower(RoleContext context, long nowNanos) {
        this.context = context;
        this.partition = context.partition;
        this.nextAskNanos = nowNanos;
        this.heardNanos = nowNanos;
    }

    @Override
    public String title() {
        return "follower";
    }

    @Override
    public boolean isInSync() {
        return owner != null && isInSync;
    }

    long lag() {
        return Math.max(0, knownEnd - partition.committedEnd());
    }

    // ---- finding the owner ---------------------------------------------------------------------

    @Override
    public long tick(long now) {
        tellTaken(now);
        if (owner != null) {
            if (isInSync && context.isRingOwner() && mayOwn(now)) {
                context.takeOver();
            } else if (now - heardNanos > stillnessNanos) {
                heardNanos = now;
                stillnessNanos = Math.min(2 * stillnessNanos, STILLNESS_MOST_NANOS);
                sendFollow(owner);
            } else if (!isInSync && now - heardNanos > SILENCE_NANOS) {
                owner = null;
                nextAskNanos = now;
            }
        }
        if (owner == null && now - nextAskNanos >= 0) {
            ask(now);
        }
        return patience(now);
    }

    private long patience(long now) {
        boolean isCalm = owner != null && isInSync && !context.isRingOwner();
        return isCalm ? Math.max(0, heardNanos + stillnessNanos - now) : 0;
    }

    /** Whether to take over from an owner that is there: else it goes on, for some seconds. */
    private boolean mayOwn(long now) {
        if (context.effects.host().mayOwn(partition.service(), partition.number())) {
            return true;
        }
        if (!isHeldBack) {
            isHeldBack = true;
            heldBackNanos = now;
        }
        return now - heldBackNanos > HELD_BACK_NANOS;
    }

    private void ask(long now) {
        nextAskNanos = now + ASK_AGAIN_NANOS;
        MemberId wanted = context.ring().ownerOf(partition.number());
        if (wanted == null) {
            return;
        }
        MemberId promised = context.server(partition.promised().owner());
        if (promised != null && !denied.contains(promised)) {
            sendFollow(promised);
        } else if (!context.isRingOwner()) {
            sendFollow(wanted);
        } else if (isDiscovering()) {
            context.ring().servers().forEach(this::askToDiscover);
            context.ring().leaving().forEach(this::askToDiscover);
        } else {
            context.takeOver();
        }
    }

    /**
     * A newcomer first asks around for an owner, so that it can be in sync before it takes over. It
     * waits for everybody's answer: to fence a silent one would need that too, and if the links are
     * only slow to come up, fencing would take the partition from an owner that is well.
     */
    private boolean isDiscovering() {
        int others = context.ring().servers().size() + context.ring().leaving().size() - 1;
        return context.isNewcomer() && denied.size() < others;
    }

    private void askToDiscover(MemberId server) {
        if (!server.equals(context.core.self()) && !denied.contains(server)) {
            sendFollow(server);
        }
    }

    private void sendFollow(MemberId to) {
        acknowledged = NOTHING;
        LogPosition told = context.told();
        if (told == null) {
            return; // Asked again soon: what is here will be kept by then.
        }
        context.effects
                .outbox()
                .send(
                        to,
                        new Frame.Follow(
                                partition.service(),
                                partition.number(),
                                partition.promised(),
                                told,
                                context.toldFirm(told),
                                partition.spec().isServed()));
    }

    void notOwner(MemberId from, Frame.NotOwner answer, long now) {
        if (answer.promised().isAfter(partition.promised())) {
            partition.promise(answer.promised());
            denied.clear();
        } else {
            denied.add(from);
        }
        if (from.equals(owner)) {
            owner = null;
            isInSync = false;
        }
        if (owner == null && context.isRingOwner() && !isDiscovering()) {
            ask(now);
        } else if (owner == null && nextAskNanos - now > ASK_AGAIN_NANOS / 4) {
            nextAskNanos = now + ASK_AGAIN_NANOS / 4;
        }
    }

    /**
     * The owner of a lower epoch has asked the other servers, and none has promised the one seen
     * here: it ended with all who knew it. Without a vote, this replica begins anew with the
     * owner's.
     */
    void stale(MemberId from, Epoch lower) {
        boolean isOwners = lower.owner() == from.incarnation();
        if (!partition.spec().isServed()
                && owner == null
                && isOwners
                && context.server(from.incarnation()) != null
                && partition.promised().isAfter(lower)) {
            partition.goBack(lower);
            isGoingBack = true;
            sendFollow(from);
        }
    }

    @Override
    public void ringChanged(long now) {
        denied.clear();
        if (owner != null && context.server(owner.incarnation()) == null) {
            owner = null;
            isInSync = false;
        }
        nextAskNanos = now;
        tick(now);
        if (!context.unowned.isEmpty() && !context.isRingOwner()) {
            context.unowned.redirectAll(hint());
        }
    }

    @Override
    public void linkUp(MemberId member, long now) {
        if (owner == null || owner.equals(member)) {
            owner = null;
            nextAskNanos = now;
            tick(now);
        }
    }

    @Override
    public void linkDown(MemberId member) {
        if (member.equals(owner)) {
            owner = null;
            isInSync = false;
            snapshot = null;
        }
    }

    // ---- keeping up ----------------------------------------------------------------------------

    /** Entries of the promised epoch's owner. */
    void append(MemberId from, Frame.Append append, long now) {
        if (!append.entries().isEmpty() && !context.hasRoom()) {
            isInSync = false; // As if it had been lost: it is asked for again.
            return;
        }
        heardNanos = now;
        if (append.entries().size() > 0) {
            stillnessNanos = STILLNESS_NANOS;
        }
        if (!partition.log().contains(append.prev())) {
            if (now - nextAskNanos >= 0 || owner != null) {
                nextAskNanos = now + ASK_AGAIN_NANOS;
                sendFollow(from);
            }
            owner = null;
            isInSync = false;
            return;
        }
        owner = from;
        snapshot = null;
        isGoingBack = false;
        if (!takeAll(append)) {
            owner = null;
            return;
        }
        long end = append.prev().offset() + append.entries().size();
        long matched = Math.min(end, partition.endOffset());
        partition.commitTo(Math.min(append.committedEnd(), matched));
        knownEnd = append.committedEnd();
        isInSync = matched >= append.committedEnd();
        context.settled();
        long reached = Math.max(matched, partition.log().start().offset());
        unacknowledged = reached == acknowledged ? NOTHING : reached;
        if (!context.unowned.isEmpty()) {
            context.unowned.redirectAll(partition.promised());
        }
        if (isInSync && context.isRingOwner() && mayOwn(now)) {
            context.keep();
            flush();
            context.takeOver();
        }
    }

    /** Appends the entries, and applies those that are committed already as it comes to them. */
    private boolean takeAll(Frame.Append append) {
        Entries entries = append.entries();
        long first = append.prev().offset();
        long from = partition.committedEnd();
        partition.applyTo(Math.min(append.committedEnd(), first));
        EntryReader reader = context.core.reader();
        boolean isTaken = true;
        for (int i = 0; i < entries.size() && isTaken; i++) {
            if (i % Partition.EXPECTED_ENTRIES == 0 && first + i < append.committedEnd()) {
                int until = Math.min(i + Partition.EXPECTED_ENTRIES, entries.size());
                partition.state().prefetch(entries, i, until);
            }
            entries.read(i, reader);
            isTaken = take(reader);
            long offset = reader.offset();
            if (isTaken && offset == partition.committedEnd() && offset < append.committedEnd()) {
                partition.apply(reader);
            }
        }
        partition.tellApplied(from);
        return isTaken;
    }

    /**
     * Appends an entry unless it is here already; an uncommitted suffix of an earlier epoch gives
     * way to it.
     */
    private boolean take(EntryReader entry) {
        if (entry.offset() < partition.endOffset()) {
            boolean isHere =
                    entry.offset() < partition.log().start().offset()
                            || partition.log().epochAt(entry.offset()).equals(entry.epoch());
            if (isHere) {
                return true;
            }
            if (entry.offset() < partition.firmEnd()) {
                return false;
            }
            partition.truncateTo(entry.offset());
        }
        boolean isNext = entry.offset() == partition.endOffset();
        if (!isNext
                || entry.epoch().isAfter(partition.promised())
                || !partition.log().mayEndIn(entry.epoch())) {
            return false;
        }
        partition.append(entry);
        return true;
    }

    /**
     * Our changelog has parted from the owner's: it is told what it lacks, then gives us its own.
     */
    void recall(MemberId from, Frame.Recall recall, long now) {
        heardNanos = now;
        owner = from;
        isInSync = false;
        Frame.Recalled answer =
                new DivergedSuffix(context.partition, context.core, recall.lineage(), recall.end())
                        .answer(recall, context.core.frameBytes());
        hasToldAll = answer.last();
        context.effects.outbox().send(from, answer);
    }

    void snapshot(MemberId from, Frame.SnapshotPart part, long now) {
        heardNanos = now;
        owner = from;
        isInSync = false;
        if (part.index() == 0) {
            if (!hasToldAll && !isGoingBack && isBehind(part.at(), part.at(), from)) {
                return;
            }
            snapshot = new SnapshotReceiver(part.at());
        }
        SnapshotReceiver receiver = snapshot;
        if (receiver == null || !receiver.isNext(part)) {
            return;
        }
        receiver.add(part);
        context.keep(part);
        untold = SnapshotReceiver.taken(part);
        tellTaken(now);
        if (part.last()) {
            snapshot = null;
            install(from, part.at(), receiver.whole(), receiver.count());
        }
    }

    /** No more parts come than can be kept. */
    private void tellTaken(long now) {
        if (untold != null && owner != null) {
            heardNanos = now; // It waits for us.
            if (context.hasRoom()) {
                context.effects.outbox().send(owner, untold);
                untold = null;
            }
        }
    }

    private void install(MemberId from, LogPosition at, Snapshot whole, int parts) {
        LogPosition end = whole.end(at);
        if (!isGoingBack && isBehind(at, end, from)) {
            return;
        }
        if (wouldLose(whole, end)) {
            sendFollow(from);
            return;
        }
        isGoingBack = false;
        context.install(at, whole, parts);
        unacknowledged = end.offset();
    }

    /** What only we have is given up to nobody who has not asked for it. */
    private boolean wouldLose(Snapshot whole, LogPosition end) {
        return partition.spec().isServed()
                && !hasToldAll
                && !new DivergedSuffix(
                                context.partition, context.core, whole.lineage(), end.offset())
                        .all()
                        .isEmpty();
    }

    /**
     * A snapshot whose changelog ends where the log here contains it would only take away what was
     * acknowledged since: it answers a question from before that came. So the question is asked
     * anew.
     */
    private boolean isBehind(LogPosition at, LogPosition end, MemberId from) {
        if (!partition.log().contains(end)) {
            return false;
        }
        snapshot = null;
        partition.commitTo(at.offset());
        sendFollow(from);
        return true;
    }

    @Override
    public void flush() {
        if (unacknowledged > partition.endOffset()) {
            unacknowledged = NOTHING; // What was here gave way in this very batch.
        }
        LogPosition told = unacknowledged == NOTHING || owner == null ? null : context.told();
        if (told != null && owner != null) {
            long reached = Math.min(unacknowledged, told.offset());
            if (reached < unacknowledged && reached <= acknowledged) {
                return; // The rest is not kept yet.
            }
            LogPosition end = partition.log().positionAt(reached);
            acknowledged = reached;
            unacknowledged = reached == unacknowledged ? NOTHING : unacknowledged;
            context.effects
                    .outbox()
                    .send(
                            owner,
                            new Frame.Appended(
                                    partition.service(),
                                    partition.number(),
                                    partition.promised(),
                                    end));
            partition.trim(Long.MAX_VALUE);
        }
    }

    // ---- others ask ----------------------------------------------------------------------------

    @Override
    public void request(PendingRequest pending, long now) {
        boolean isOwnerKnown =
                owner != null || context.server(partition.promised().owner()) != null;
        if (context.isRingOwner() && (!isOwnerKnown || denied.contains(owner))) {
            context.unowned.add(pending);
        } else {
            pending.redirect(hint(), context.effects);
        }
    }

    /** An epoch whose owner the caller may try. */
    private Epoch hint() {
        if (owner != null || context.server(partition.promised().owner()) != null) {
            return partition.promised();
        }
        MemberId wanted = context.ring().ownerOf(partition.number());
        return wanted == null || wanted.equals(context.core.self())
                ? Epoch.ZERO
                : new Epoch(0, wanted.incarnation());
    }

    @Override
    public void follow(MemberId from, Frame.Follow follow, long now) {
        context.effects
                .outbox()
                .send(
                        from,
                        new Frame.NotOwner(
                                partition.service(), partition.number(), partition.promised()));
    }

    @Override
    public void end(Epoch higher) {
        if (higher.owner() != context.core.self().incarnation()) {
            context.unowned.redirectAll(higher);
        }
    }
}
