package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.error.Require;
import io.tuli.group.Readers;
import io.tuli.log.Changelog;
import io.tuli.log.Consumed;
import io.tuli.log.PartitionState;
import io.tuli.log.SourceMark;
import io.tuli.machine.CoreContext;
import io.tuli.machine.HeldGroups;
import io.tuli.machine.Partition;
import io.tuli.machine.PendingRequest;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.RoleContext.Transition;
import io.tuli.ring.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition on this member: keeps what it holds, its ring and its role of the moment, and hands
 * each input to that role. The promise to a fencing member is made here, because it is the same in
 * every role. One thread.
 */
public final class Replica {

    private final RoleContext context;
    private final Partition partition;
    private final Effects effects;
    private final LogSender lender;
    private final Fences fences;
    private final Readers readers;
    private PartitionRole role;
    private boolean isTouched;

    /** What is here is kept by the last one, if it is not null. */
    public Replica(
            ServiceSpec spec,
            int partition,
            PartitionState state,
            CoreContext core,
            @Nullable Keeping keeping) {
        this.context = new RoleContext(spec, partition, state, core, keeping);
        this.partition = context.partition;
        this.effects = context.effects;
        this.lender = new LogSender(context.partition, core);
        this.fences = new Fences(context);
        this.readers = new Readers(spec.number(), partition, effects);
        this.role = new Follower(context, 0);
    }

    /** How far epochs are counted; no partition comes near it. */
    public static final int EPOCH_NUMBER_MAX = 1 << 30;

    /** So deep lies what {@link #prefetch} reads. */
    public static final int DEPTHS = 2 + Partition.DEPTHS;

    /**
     * Reads what a frame will touch, so far as it lies that deep.
     *
     * @param keyHash of the one document; 0 if there are others, or none
     */
    public int prefetch(int depth, int keyHash) {
        return switch (depth) {
            case 0 -> isTouched ? 1 : 0;
            case 1 -> partition.number() + (role instanceof Follower ? 1 : 0);
            default -> partition.prefetch(depth - 2, keyHash) + role.prefetch(depth - 2);
        };
    }

    // ---- inputs --------------------------------------------------------------------------------

    public void received(MemberId from, Frame.OfPartition frame, long now) {
        if (frame instanceof Frame.Request || context.mayBeSaidBy(from, frame)) {
            deliver(from, frame, now);
            changeRole(now);
        }
    }

    private void deliver(MemberId from, Frame.OfPartition frame, long now) {
        switch (frame) {
            case Frame.Request request -> role.request(PendingRequest.of(from, request, now), now);
            case Frame.Fence fence -> fenced(from, fence, now);
            case Frame.Follow follow -> role.follow(from, follow, now);
            case Frame.Fetch fetch -> fetched(from, fetch);
            case Frame.Promise promise -> promised(from, promise, now);
            case Frame.NotYet notYet -> candidate(candidate -> candidate.notYet(from, now));
            case Frame.Fetched fetched -> candidate(each -> each.fetched(from, fetched, now));
            case Frame.Stale stale -> stale(from, stale.promised(), now);
            case Frame.NotOwner answer -> follower(each -> each.notOwner(from, answer, now));
            case Frame.Recall recall -> recall(from, recall, now);
            case Frame.Recalled recalled -> owner(owner -> owner.recalled(from, recalled));
            case Frame.Append append -> append(from, append, now);
            case Frame.SnapshotPart part -> snapshot(from, part, now);
            case Frame.Appended appended -> owner(owner -> owner.appended(from, appended));
            case Frame.SnapshotTaken taken -> taken(from, taken);
            case Frame.Unfollow unfollow -> owner(owner -> owner.unfollowed(from, unfollow));
            case Frame.Sync sync -> context.syncs.asked(from, sync);
            case Frame.Synced synced -> owner(owner -> owner.synced(from, synced));
            case GroupFrame.Claim claim -> owner(owner -> owner.claimed(from, claim, now));
            case GroupFrame.Took took -> owner(owner -> owner.took(from, took));
            case GroupFrame.Grant grant -> readers.granted(from, grant);
            case GroupFrame.Revoke revoke -> readers.revoked(from, revoke);
        }
    }

    public void decided(long task, Decision decision, long now) {
        if (role instanceof Owner owner) {
            owner.executor().decided(task, decision, now);
        } else if (decision instanceof Decision.Done done && done.stream() != null) {
            effects.observer().discard(done.stream());
        }
    }

    public void folded(Frame.Request request, List<SourceMark> marks) {
        owner(owner -> owner.executor().folded(request, marks));
    }

    public void consumed(List<SourceMark> marks) {
        owner(owner -> owner.executor().consumed(marks));
    }

    public void cancelled(Input.Cancelled cancelled) {
        owner(owner -> owner.executor().cancelled(cancelled.from(), cancelled.call()));
    }

    /** What readers here want, and say. */
    public void read(Input.OfReader input, long now) {
        readers.heard(input, now);
    }

    public void ringChanged(Ring changed, long now) {
        Ring ring = context.ring();
        if (changed.hash() == ring.hash() && changed.servers().equals(ring.servers())) {
            return;
        }
        if (context.isAnyLost(changed)) {
            partition.parted();
        }
        context.ring(changed);
        role.ringChanged(now);
        changeRole(now);
        Fences.Asked asked = fences.deferredTo(changed.hash());
        if (asked != null) {
            received(asked.from(), asked.fence(), now);
        }
    }

    public void linkUp(MemberId member, long now) {
        role.linkUp(member, now);
        changeRole(now);
        readers.linkUp(member, now);
    }

    public void linkDown(MemberId member) {
        context.unowned.forget(member);
        role.linkDown(member);
        readers.linkDown(member);
    }

    /**
     * Time has passed.
     *
     * @return for how many nanoseconds it may be left alone if nothing else happens; 0 if there may
     *     be something to flush, and at the next tick more to do
     */
    public long tick(long now) {
        PartitionRole before = role;
        context.unowned.expire(now);
        long patience = role.tick(now);
        changeRole(now);
        partition.countRetained();
        patience = Math.min(patience, readers.tick(now));
        return role == before && context.unowned.isEmpty() ? patience : 0;
    }

    /** It is held no more: whoever waits here asks elsewhere. */
    public void close() {
        context.unowned.redirectAll(Epoch.ZERO);
        owner(Owner::close);
        partition.close();
    }

    /** Notes that there may be something to {@link #flush}; false if that was known. */
    public boolean touch() {
        boolean isNews = !isTouched;
        isTouched = true;
        return isNews;
    }

    public void flush() {
        isTouched = false;
        context.keep();
        role.flush();
        context.keep();
    }

    /** Gives all that is here to be kept anew. */
    public void keepAnew() {
        context.keepAnew();
    }

    /** Notes that it is to hear what is kept; false if it need not, or that was known. */
    public boolean listens() {
        return context.keeping != null && context.keeping.listens();
    }

    /** All that was given up to that batch is kept. */
    public void kept(long ticket, long now) {
        context.kept(ticket);
        owner(Owner::kept);
        Fences.Asked asked = fences.takeKept();
        if (asked != null) {
            fenced(asked.from(), asked.fence(), now);
        }
    }

    /** The loop was silent for so long that others may own what we think is ours. */
    public void pausedTooLong(long now) {
        owner(owner -> owner.confirm(now));
        readers.doubt();
    }

    // ---- what is the same in every role --------------------------------------------------------

    private void fenced(MemberId from, Frame.Fence fence, long now) {
        if (!partition.spec().isServed() || !isOwnerOf(fence.epoch(), from)) {
            return;
        }
        fences.met();
        if (fence.ringHash() != context.ring().hash()) {
            fences.defer(from, fence);
            return;
        }
        if (fence.epoch().isAfter(partition.promised())) {
            follow(fence.epoch(), now);
        }
        if (fence.epoch().equals(partition.promised()) && role instanceof Follower) {
            fences.promise(from, fence);
        } else {
            fences.tellStale(from);
        }
    }

    /**
     * A fencing member that promised epochs showed us needs entries we have; whoever we are now.
     */
    private void fetched(MemberId from, Frame.Fetch fetch) {
        if (fetch.epoch().equals(partition.promised())) {
            lender.answer(from, fetch);
        }
    }

    private void promised(MemberId from, Frame.Promise promise, long now) {
        if (role instanceof Owner owner) {
            owner.confirmed(promise, now);
        } else {
            candidate(candidate -> candidate.promised(from, promise, now));
        }
    }

    private void taken(MemberId from, Frame.SnapshotTaken taken) {
        if (role instanceof Owner owner) {
            owner.snapshotTaken(from, taken);
        } else {
            lender.taken(from, taken);
        }
    }

    /** Nobody else may fence for an epoch, or say what it holds. */
    private static boolean isOwnerOf(Epoch epoch, MemberId member) {
        return epoch.owner() == member.incarnation();
    }

    private void append(MemberId from, Frame.Append append, long now) {
        if (isOwnerOf(append.epoch(), from)) {
            Follower follower = followerIn(append.epoch(), now);
            if (follower == null) {
                fences.tellStale(from);
            } else {
                follower.append(from, append, now);
            }
        }
    }

    private void recall(MemberId from, Frame.Recall recall, long now) {
        Follower follower =
                isOwnerOf(recall.epoch(), from) ? followerIn(recall.epoch(), now) : null;
        if (follower != null) {
            follower.recall(from, recall, now);
        }
    }

    private void snapshot(MemberId from, Frame.SnapshotPart part, long now) {
        if (role instanceof Candidate candidate) {
            candidate.snapshot(from, part, now);
            return;
        }
        Follower follower = isOwnerOf(part.epoch(), from) ? followerIn(part.epoch(), now) : null;
        if (follower != null) {
            follower.snapshot(from, part, now);
        }
    }

    /** Who follows in that epoch, which may be news; null where that is not what we do in it. */
    private @Nullable Follower followerIn(Epoch epoch, long now) {
        if (epoch.isAfter(partition.promised())) {
            follow(epoch, now);
        }
        boolean isCurrent = epoch.equals(partition.promised());
        return isCurrent && role instanceof Follower follower ? follower : null;
    }

    private void stale(MemberId from, Epoch higher, long now) {
        if (!higher.isAfter(partition.promised())) {
            follower(follower -> follower.stale(from, higher));
            return;
        }
        if (role instanceof Candidate candidate) {
            candidate.outbid(higher, now);
        } else {
            follow(higher, now);
        }
    }

    private void candidate(java.util.function.Consumer<Candidate> action) {
        if (role instanceof Candidate candidate) {
            action.accept(candidate);
        }
    }

    private void follower(java.util.function.Consumer<Follower> action) {
        if (role instanceof Follower follower) {
            action.accept(follower);
        }
    }

    private void owner(java.util.function.Consumer<Owner> action) {
        if (role instanceof Owner owner) {
            action.accept(owner);
        }
    }

    // ---- transitions ---------------------------------------------------------------------------

    /** Makes the role that was asked for, and whatever that one asks for at once. */
    private void changeRole(long now) {
        for (Transition next = context.takeRequested();
                next != null;
                next = context.takeRequested()) {
            switch (next) {
                case Transition.Follow follow -> follow(follow.higher(), now);
                case Transition.TakeOver takeOver -> takeOver(now);
                case Transition.Own own -> own(own.opening(), now);
            }
        }
        if (!readers.isEmpty()) {
            Epoch epoch = partition.promised();
            readers.owned(epoch, context.member(epoch.owner()), role.isInSync(), now);
        }
    }

    private void follow(Epoch higher, long now) {
        role.end(higher);
        partition.promise(higher);
        become(new Follower(context, now));
    }

    private void takeOver(long now) {
        int number = partition.promised().number();
        Require.invariant(number < EPOCH_NUMBER_MAX, "epochs can be counted on", number);
        Epoch epoch = new Epoch(number + 1, context.core.self().incarnation());
        role.end(epoch);
        partition.promise(epoch);
        context.settled();
        Candidate candidate = new Candidate(context, epoch, now);
        become(candidate);
        candidate.begin(now);
    }

    /** What waits for an owner is served now. */
    private void own(Opening opening, long now) {
        Owner owner = new Owner(context, opening);
        become(owner);
        owner.open(now);
    }

    /**
     * Something was thrown here that no request is to blame for. This partition takes no part any
     * more on this member, and all others go on.
     */
    public void stop(Throwable why) {
        PartitionRole before = role;
        PartitionRole.Stopped stopped = new PartitionRole.Stopped(context);
        become(stopped);
        try {
            if (before instanceof Owner owner) {
                owner.giveUp();
            }
            context.unowned.drainTo(pending -> stopped.request(pending, 0));
        } finally {
            effects.observer().stopped(partition.service(), partition.number(), why);
        }
    }

    private void become(PartitionRole next) {
        role = next;
        effects.observer()
                .roleChanged(
                        partition.service(),
                        partition.number(),
                        next.title(),
                        partition.promised());
    }

    // ---- facts ---------------------------------------------------------------------------------

    /** The committed and uncommitted changelog, for feeds to read up to {@link #committedEnd()}. */
    public Changelog log() {
        return partition.log();
    }

    public long committedEnd() {
        return partition.committedEnd();
    }

    public LogPosition applied() {
        return partition.committed();
    }

    /**
     * Whether the state here shows everything before a position of this partition. Where the owner
     * has another changelog, the position is never reached, and nothing is to be waited for.
     */
    public boolean shows(LogPosition position) {
        return context.shows(position, isInSync());
    }

    /** Of a position that is {@link #shows shown}: whether it was passed, and is never reached. */
    public boolean isPassed(LogPosition position) {
        return context.isPassed(position);
    }

    /** How far groups of readers are, as the committed changelog says. */
    public HeldGroups groups() {
        return partition.groups();
    }

    public Epoch epoch() {
        return partition.promised();
    }

    public boolean isOwner() {
        return role instanceof Owner;
    }

    /** Whether this replica is the owner's, or keeps up with it. */
    public boolean isInSync() {
        return role.isInSync();
    }

    /**
     * Whether this member may leave without a loss: another owns the partition and has all that is
     * here; the next owner may yet have to fetch. What has stopped here is not waited for.
     */
    public boolean isHandedOver() {
        return (role instanceof Follower follower && follower.isInSync())
                || role instanceof PartitionRole.Stopped;
    }

    /** How far a fold has consumed a source. */
    public Consumed consumed(long source) {
        return role instanceof Owner owner
                ? owner.executor().consumed(source)
                : partition.consumed(source);
    }

    public PartitionReport report() {
        return new PartitionReport(
                partition.number(),
                partition.promised(),
                role.title(),
                partition.end(),
                partition.committedEnd(),
                role instanceof Owner owner ? owner.followers() : List.of());
    }

    /** Committed entries this member knows to exist and has not applied. */
    public long lag() {
        return role instanceof Follower follower ? follower.lag() : 0;
    }
}
