package io.tuli.replica;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.error.Require;
import io.tuli.log.Entry;
import io.tuli.machine.Emissions;
import io.tuli.machine.Overlay;
import io.tuli.machine.ParkedReplies;
import io.tuli.machine.Partition;
import io.tuli.machine.PendingRequest;
import io.tuli.machine.RequestDecider;
import io.tuli.machine.RequestDigest;
import io.tuli.machine.RequestExecutor;
import io.tuli.merge.Merger;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Orders the partition's writes during one epoch: recognises repeats, lets handlers decide,
 * appends, replicates, commits, replies.
 *
 * <p>It decides against committed state plus the overlay of its own uncommitted entries; the state
 * changes only by applying committed ones. Its adopted suffix is committed with the opening entry,
 * never by counting copies of an earlier epoch's entries alone (Raft, section 5.4.2). One thread.
 */
final class Owner implements PartitionRole, RequestExecutor.Ledger {

    /** Entries that may wait for their copies; their bytes have the changelog's limit. */
    private static final long UNCOMMITTED_MOST = 65_536;

    private static final long CONFIRM_NANOS = 200_000_000L;
    private static final long CLAIM_NANOS = 500_000_000L;

    private final RoleContext context;
    private final Partition partition;
    private final Effects effects;
    private final Epoch epoch;
    private final Overlay overlay;
    private final ParkedReplies parked;
    private final RequestDecider decider;
    private final RequestExecutor executor;
    private final Replication replication;
    private final Emissions emissions;

    private final long rescuedFork;

    /** MergedMarks after opening, and forgotten then. */
    private List<Entry> rescued;

    private long openedEnd;
    private boolean isDoubtful;
    private long nextConfirmNanos;
    private boolean hasMerged;
    private long nextClaimNanos;
    private long nextSweepNanos;
    private long sweptTime;

    Owner(RoleContext context, Opening opening) {
        this.context = context;
        this.partition = context.partition;
        this.effects = context.effects;
        this.epoch = opening.epoch();
        this.rescued = opening.rescued();
        this.rescuedFork = opening.rescuedFork();
        this.overlay = new Overlay(partition, context.core.documents());
        this.parked = new ParkedReplies(effects, context.core.held());
        this.decider = new RequestDecider(context.partition, context.core, overlay);
        this.executor = new RequestExecutor(context.partition, context.core, overlay, decider, this);
        this.replication = new Replication(context, epoch);
        this.emissions = new Emissions(partition, effects);
        for (Opening.Known known : opening.followers()) {
            replication.attach(known.member(), known.end(), known.committed(), known.counts());
        }
    }

    @Override
    public String title() {
        return "owner";
    }

    RequestExecutor executor() {
        return executor;
    }

    /** Begins the epoch with its opening entry; what waited for an owner is served. */
    void open(long now) {
        for (long offset = partition.committedEnd(); offset < partition.endOffset(); offset++) {
            Entry adopted = partition.log().at(offset);
            overlay.appended(offset, overlay.after(adopted.edits()));
            executor.adopt(adopted);
        }
        nextClaimNanos = now + CLAIM_NANOS;
        sweepLater(now);
        replication.open();
        partition.append(Entry.opening(epoch, partition.endOffset(), partition.nextTime()));
        openedEnd = partition.endOffset();
        if (!rescued.isEmpty()) {
            merge(rescued, rescuedFork);
            rescued = List.of();
        }
        advance();
        context.unowned.drainTo(pending -> request(pending, now));
    }

    // ---- requests ------------------------------------------------------------------------------

    @Override
    public void request(PendingRequest pending, long now) {
        Frame.Request request = pending.request();
        if (pending.isExpired(now)) {
            pending.fail(
                    Failure.TIMEOUT, "the deadline passed before the request was begun", effects);
        } else if (isDoubtful) {
            context.unowned.add(pending);
        } else if (context.core.held().isFull(pending)) {
            pending.overloaded(effects);
        } else if (request.verb().equals(Reserved.READ)) {
            read(pending);
        } else {
            repeat(pending);
        }
    }

    @Override
    public void repeat(PendingRequest pending) {
        if (isAnsweredBefore(pending)) {
            return;
        }
        int copies = pending.request().commit().copies();
        if (copies > context.copiesMost()) {
            pending.fail(Failure.BAD_REQUEST, context.tooManyCopies(copies), effects);
            return;
        }
        if (isFull()) {
            pending.fail(
                    Failure.OVERLOADED,
                    "what waits for its copies is at most changelog.bytes, and "
                            + UNCOMMITTED_MOST
                            + " entries: try later",
                    effects);
            return;
        }
        executor.admit(pending);
    }

    /** Whether so much waits to be committed that more would not be bounded. */
    private boolean isFull() {
        boolean isAllUncommitted = partition.log().start().offset() >= partition.committedEnd();
        return partition.endOffset() - partition.committedEnd() >= UNCOMMITTED_MOST
                || (isAllUncommitted
                        && partition.log().sizeBytes() > context.core.limits().changelogBytes());
    }

    /**
     * Committed state has all that was acknowledged, once the opening entry is committed. Before,
     * an earlier owner may have acknowledged what this one has adopted and not committed: a read
     * then waits for it.
     */
    private void read(PendingRequest pending) {
        Frame.Request request = pending.request();
        String key = request.key().top();
        boolean isFirm = partition.committedEnd() >= openedEnd;
        Payload document = isFirm ? partition.document(key) : overlay.document(key);
        Payload value = context.core.documents().read(document, request.key());
        if (isFirm) {
            int copies = replication.copiesAt(partition.committedEnd());
            pending.ok(partition.committed(), copies, false, value, effects);
        } else {
            answer(pending, end(), value, null);
        }
    }

    /** Where the changelog ends: in this epoch, for it has been opened. */
    private LogPosition end() {
        return new LogPosition(epoch, partition.endOffset());
    }

    /**
     * A repeat gets the stored reply, or takes the place of the one it repeats; it is never
     * executed again.
     */
    private boolean isAnsweredBefore(PendingRequest pending) {
        Frame.Request request = pending.request();
        if (isStored(pending)) {
            return true;
        }
        if (executor.isRepeat(pending)) {
            return true;
        }
        if (request.attempt() > 0 && partition.dedup().isExpired(request.id())) {
            pending.fail(
                    Failure.DEDUP_EXPIRED,
                    "a repeat must come within the dedup window:"
                            + " whether the first was executed is forgotten",
                    effects);
            return true;
        }
        return false;
    }

    /**
     * Whether the request was executed: then it gets the stored reply. Or another under its id:
     * then it is refused.
     */
    private boolean isStored(PendingRequest pending) {
        RequestId id = pending.request().id();
        if (partition.dedup().find(id) == null) {
            return false;
        }
        Snapshot.Reply reply = partition.dedup().find(id, RequestDigest.of(pending.request()));
        if (reply == null) {
            pending.conflict(effects);
        } else {
            Epoch appendedIn =
                    reply.offset() >= partition.log().start().offset()
                            ? partition.log().epochAt(reply.offset())
                            : partition.log().start().epoch();
            LogPosition position = new LogPosition(appendedIn, reply.offset() + 1);
            answer(pending, position, reply.reply(), null);
        }
        return true;
    }

    @Override
    public boolean isAnswered(PendingRequest pending) {
        return hasMerged && !pending.isFold() && isStored(pending);
    }

    @Override
    public void commit(PendingRequest pending, Decision.Done done) {
        if (isAnswered(pending)) {
            executor.discard(done);
            return;
        }
        if (!done.edits().isEmpty() || !done.emitted().isEmpty() || pending.isFold()) {
            RequestDecider.Draft draft = decider.draft(pending, done, epoch);
            if (draft.entry() == null) {
                executor.discard(done);
                refuse(pending, done, Objects.requireNonNull(draft.refusal()));
                return;
            }
            emissions.add(draft.entry(), done.emitted());
            append(draft.entry(), draft.after());
        }
        answer(pending, end(), done.reply(), done.stream());
    }

    private void refuse(PendingRequest pending, Decision.Done done, Decision.Fail why) {
        if (pending.isFold()) {
            boolean isNothing = done.edits().isEmpty() && done.reply().isNone();
            Require.invariant(!isNothing, "marks alone can always be appended", why.detail());
            executor.leaveOut(pending, why);
        } else {
            pending.fail(why.failure(), why.detail(), effects);
        }
    }

    private void append(Entry entry, Map<String, Payload> after) {
        if (replication.isAlone() && partition.committedEnd() == entry.offset()) {
            partition.appendCommitted(entry);
            emissions.committed(entry.offset(), partition.committedEnd());
            return;
        }
        partition.append(entry);
        overlay.appended(entry.offset(), after);
        if (replication.isEnough()) {
            advance();
            release();
        }
    }

    /** Tells the reply, now or when the entry before the position has its copies. */
    private void answer(
            PendingRequest pending,
            LogPosition position,
            Payload reply,
            Decision.@Nullable Stream stream) {
        if (position.offset() <= reachedBy(pending.request().commit().copies())) {
            int copies = replication.copiesAt(position.offset());
            ParkedReplies.tell(pending, position, copies, reply, stream, effects);
            return;
        }
        parked.add(ParkedReplies.Parked.of(pending, position, reply, stream));
    }

    // ---- after a pause -------------------------------------------------------------------------

    /**
     * This member was silent for so long that others may have taken over: nothing is begun before
     * one of them has said that it promised no higher epoch. One is enough, because whoever takes
     * over needs the promises of all. A higher one is answered by Stale, and ends this epoch.
     */
    void confirm(long now) {
        isDoubtful = false;
        nextConfirmNanos = now + CONFIRM_NANOS;
        context.ring().servers().forEach(this::doubt);
        context.ring().leaving().forEach(this::doubt);
    }

    private void doubt(MemberId server) {
        if (!server.equals(context.core.self())) {
            isDoubtful = true;
            long ringHash = context.ring().hash();
            effects.outbox()
                    .send(server, new Frame.Fence(partition.service(), partition.number(), epoch, ringHash));
        }
    }

    void confirmed(Frame.Promise promise, long now) {
        if (isDoubtful && promise.epoch().equals(epoch)) {
            isDoubtful = false;
            context.unowned.drainTo(pending -> request(pending, now));
        }
    }

    // ---- replication and commit ----------------------------------------------------------------

    void appended(MemberId from, Frame.Appended appended) {
        if (replication.appended(from, appended)) {
            advance();
            release();
        }
    }

    void snapshotTaken(MemberId from, Frame.SnapshotTaken taken) {
        replication.snapshotTaken(from, taken);
    }

    private void advance() {
        long from = partition.committedEnd();
        long reached = replication.committable();
        if (from < reached) {
            partition.commitTo(reached);
            overlay.committedUntil(reached);
            emissions.committed(from, reached);
        }
    }

    private void release() {
        parked.release(this::reachedBy, replication::copiesAt);
    }

    private long reachedBy(int copies) {
        return copies == Commit.SAFE ? partition.committedEnd() : replication.reachedBy(copies);
    }

    // ---- merging -------------------------------------------------------------------------------

    void recalled(MemberId from, Frame.Recalled recalled) {
        replication.recalled(from, recalled, this::merge);
        advance();
        release();
    }

    private void merge(List<Entry> theirs, long fork) {
        new Merger(context.partition, context.core, overlay, fork, this::appendMerged).merge(theirs);
    }

    private void appendMerged(Entry entry) {
        hasMerged = true;
        Map<String, Payload> after = overlay.after(entry.edits());
        partition.append(entry);
        overlay.appended(entry.offset(), after);
        executor.changed(after.keySet());
    }

    List<FollowerReport> followers() {
        return replication.report();
    }

    @Override
    public void follow(MemberId from, Frame.Follow follow, long now) {
        if (follow.promised().isAfter(epoch)) {
            partition.promise(follow.promised());
            context.takeOver();
            return;
        }
        boolean knowsAnother = follow.promised().number() > 0;
        if (knowsAnother && epoch.isAfter(follow.promised())) {
            effects.outbox().send(from, new Frame.Stale(partition.service(), partition.number(), epoch));
        }
        replication.attach(from, follow.end(), follow.committed(), follow.counts());
        advance();
        release();
    }

    @Override
    public void flush() {
        replication.flush();
    }

    // ---- the world around ----------------------------------------------------------------------

    @Override
    public void ringChanged(long now) {
        replication.ringChanged();
        advance();
        release();
    }

    @Override
    public long tick(long now) {
        claim(now);
        if (isDoubtful && now - nextConfirmNanos >= 0) {
            confirm(now);
            context.unowned.drainTo(pending -> request(pending, now));
        }
        parked.expire(now);
        parked.tellAccepted();
        executor.tick();
        if (now - nextSweepNanos >= 0) {
            partition.dedup().forgetBefore(sweptTime);
            sweepLater(now);
        }
        replication.tick();
        return isCalm() ? Math.max(0, nextSweepNanos - now) : 0;
    }

    /** Whether nothing is under way that time alone could further. */
    private boolean isCalm() {
        return !isDoubtful
                && parked.isEmpty()
                && executor.isIdle()
                && replication.isSettled()
                && context.isRingOwner()
                && partition.isTrimmed();
    }

    /**
     * Callers silent from now until then are forgotten then. The window is measured by what this
     * owner saw go by: the clock of an earlier one may have been minutes behind its own.
     */
    private void sweepLater(long now) {
        nextSweepNanos = now + Durations.nanos(context.core.limits().dedupWindow());
        sweptTime = partition.latestTime();
    }

    /**
     * The ring wants another owner: it is told that we still are one, in case it believes so of
     * itself.
     */
    private void claim(long now) {
        MemberId wanted = context.ring().ownerOf(partition.number());
        if (wanted == null || wanted.equals(context.core.self()) || now - nextClaimNanos < 0) {
            return;
        }
        nextClaimNanos = now + CLAIM_NANOS;
        effects.outbox()
                .send(
                        wanted,
                        new Frame.Follow(
                                partition.service(),
                                partition.number(),
                                epoch,
                                partition.end(),
                                partition.firm(),
                                true));
    }

    @Override
    public void linkUp(MemberId member, long now) {}

    @Override
    public void linkDown(MemberId member) {
        replication.detach(member);
    }

    /** After a fault: whoever waits asks again, and is told that nobody answers. */
    void giveUp() {
        parked.redirectAll(Epoch.ZERO);
        executor.redirectAll(Epoch.ZERO);
    }

    @Override
    public void end(Epoch higher) {
        parked.redirectAll(higher);
        context.unowned.redirectAll(higher);
        executor.redirectAll(higher);
        replication.end(higher);
    }
}
