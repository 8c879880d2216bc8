package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.group.GroupDesk;
import io.tuli.lifetime.ExpiryWheel;
import io.tuli.log.Entry;
import io.tuli.machine.Ledger;
import io.tuli.machine.Lifetimes;
import io.tuli.machine.Overlay;
import io.tuli.machine.Partition;
import io.tuli.machine.PendingRequest;
import io.tuli.machine.Quorum;
import io.tuli.machine.RequestDecider;
import io.tuli.machine.RequestExecutor;
import io.tuli.merge.Merger;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Reserved;
import java.util.List;

/**
 * Orders the partition's writes during one epoch: recognises repeats, lets handlers decide,
 * appends, replicates, commits, replies.
 *
 * <p>It decides against committed state plus the overlay of its own uncommitted entries; the state
 * changes only by applying committed ones. Its adopted suffix is committed with the opening entry,
 * never by counting copies of an earlier epoch's entries alone (Raft, section 5.4.2). One thread.
 */
final class Owner implements PartitionRole {

    private static final long CONFIRM_NANOS = 200_000_000L;
    private static final long HEARSAY_NANOS = 1_000_000_000L;
    private static final long CLAIM_NANOS = 500_000_000L;

    /** By so much the wheels of partitions that follow each other are apart. */
    private static final int PHASE_SLOTS = 17;

    private final RoleContext context;
    private final Partition partition;
    private final Effects effects;
    private final Epoch epoch;
    private final Overlay overlay;
    private final Quorum quorum;
    private final Ledger ledger;
    private final RequestExecutor executor;
    private final Expirer expirer;
    private final Replication replication;
    private final GroupDesk groups;

    private final long rescuedFork;

    /** Merged after opening, and forgotten then. */
    private List<Entry> rescued;

    private boolean isDoubtful;
    private long nextConfirmNanos;
    private long confirmedNanos;
    private long nextAskNanos;
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
        long nowMillis = effects.host().wallMillis();
        ExpiryWheel wheel = new ExpiryWheel(PHASE_SLOTS * partition.number(), nowMillis);
        Lifetimes lifetimes = new Lifetimes(partition, context.core, overlay, wheel);
        RequestDecider decider = new RequestDecider(partition, context.core, overlay, lifetimes);
        this.quorum = new Quorum(partition, context.keeping);
        this.ledger = new Ledger(partition, context.core, epoch, overlay, decider, quorum);
        this.executor =
                new RequestExecutor(
                        partition, context.core, decider, ledger, quorum, context.unowned);
        this.expirer = new Expirer(partition, context.core, overlay, ledger, executor, wheel);
        this.replication = new Replication(context, epoch, quorum);
        this.groups = new GroupDesk(partition, context.core, epoch, ledger);
        for (Opening.Known known : opening.followers()) {
            replication.attach(known.member(), known.end(), known.committed(), known.counts());
        }
    }

    @Override
    public String title() {
        return "owner";
    }

    @Override
    public int prefetch(int depth) {
        return depth == 0
                ? (isDoubtful ? 1 : 0)
                : executor.prefetch(depth - 1) + ledger.prefetch(depth - 1);
    }

    RequestExecutor executor() {
        return executor;
    }

    /** What was kept is shown once the opening entry is committed, and all before it. */
    @Override
    public boolean isInSync() {
        return !partition.spec().isKept() || ledger.isOpened();
    }

    /** Begins the epoch with its opening entry; what waited for an owner is served. */
    void open(long now) {
        groups.open();
        for (long offset = partition.committedEnd(); offset < partition.endOffset(); offset++) {
            Entry adopted = partition.log().at(offset);
            ledger.adopt(adopted);
            executor.adopt(adopted);
            groups.adopt(adopted);
        }
        nextClaimNanos = now + CLAIM_NANOS;
        confirmedNanos = now - HEARSAY_NANOS;
        nextAskNanos = now;
        sweepLater(now);
        ledger.open();
        if (!rescued.isEmpty()) {
            merge(rescued, rescuedFork);
            rescued = List.of();
        }
        ledger.advance();
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
            ledger.read(pending);
        } else {
            executor.execute(pending);
        }
    }

    // ---- after a pause -------------------------------------------------------------------------

    /**
     * This member was silent for so long that others may have taken over: nothing is begun before
     * one of them has said that it promised no higher epoch. One is enough, because whoever takes
     * over needs the promises of all. A higher one is answered by Stale, and ends this epoch.
     */
    void confirm(long now) {
        nextConfirmNanos = now + CONFIRM_NANOS;
        sweepLater(now); // What came meanwhile is looked at only now.
        isDoubtful = askServers();
    }

    /** Asks a server whether this is the highest epoch it has promised; false of ourselves. */
    private boolean ask(MemberId server) {
        if (server.equals(context.core.self())) {
            return false;
        }
        long ringHash = context.ring().hash();
        effects.outbox()
                .send(
                        server,
                        new Frame.Fence(partition.service(), partition.number(), epoch, ringHash));
        return true;
    }

    void confirmed(Frame.Promise promise, long now) {
        if (!promise.epoch().equals(epoch)) {
            return;
        }
        confirmedNanos = now;
        if (isDoubtful) {
            isDoubtful = false;
            context.unowned.drainTo(pending -> request(pending, now));
        }
    }

    // ---- hearsay -------------------------------------------------------------------------------

    /**
     * A follower without a vote has seen a higher epoch, or says so: it moves none. The other
     * servers are asked whether they have promised one, and requests go on meanwhile. If none has,
     * that epoch ended with all who knew it, and the follower begins anew with this one.
     */
    private void hear(MemberId from, long now) {
        boolean isConfirmed = now - confirmedNanos < HEARSAY_NANOS;
        if (!isConfirmed && now - nextAskNanos >= 0) {
            nextAskNanos = now + CONFIRM_NANOS;
            isConfirmed = !askServers();
        }
        if (isConfirmed) {
            effects.outbox()
                    .send(from, new Frame.Stale(partition.service(), partition.number(), epoch));
        }
    }

    /** False where there is nobody else to ask. */
    private boolean askServers() {
        boolean isAnyAsked = false;
        for (MemberId server : context.ring().servers()) {
            isAnyAsked |= ask(server);
        }
        for (MemberId server : context.ring().leaving()) {
            isAnyAsked |= ask(server);
        }
        return isAnyAsked;
    }

    // ---- replication and commit ----------------------------------------------------------------

    void appended(MemberId from, Frame.Appended appended) {
        if (replication.appended(from, appended)) {
            ledger.advance();
        }
    }

    void synced(MemberId from, Frame.Synced synced) {
        if (replication.synced(from, synced)) {
            ledger.advance();
        }
    }

    /** More of the copy here is kept. */
    void kept() {
        ledger.kept();
    }

    void snapshotTaken(MemberId from, Frame.SnapshotTaken taken) {
        replication.snapshotTaken(from, taken);
    }

    void unfollowed(MemberId from, Frame.Unfollow unfollow) {
        if (unfollow.epoch().equals(epoch)) {
            replication.detach(from);
        }
    }

    // ---- groups of readers ---------------------------------------------------------------------

    /** While it is not known whether this is the owner still, readers ask again. */
    void claimed(MemberId from, GroupFrame.Claim claim, long now) {
        if (!isDoubtful) {
            groups.claim(from, claim, now);
        }
    }

    void took(MemberId from, GroupFrame.Took took) {
        groups.took(from, took);
    }

    // ---- merging -------------------------------------------------------------------------------

    void recalled(MemberId from, Frame.Recalled recalled) {
        replication.recalled(from, recalled, this::merge);
        ledger.advance();
    }

    private void merge(List<Entry> theirs, long fork) {
        groups.merging(theirs);
        new Merger(context.partition, context.core, overlay, fork, this::appendMerged)
                .merge(theirs);
    }

    private void appendMerged(Entry entry) {
        executor.changed(ledger.appendMerged(entry));
    }

    List<FollowerReport> followers() {
        return replication.report();
    }

    @Override
    public void follow(MemberId from, Frame.Follow follow, long now) {
        if (follow.promised().isAfter(epoch) && follow.counts()) {
            partition.promise(follow.promised());
            context.takeOver();
            return;
        }
        if (follow.promised().isAfter(epoch)) {
            hear(from, now);
            return;
        }
        boolean knowsAnother = follow.promised().number() > 0;
        if (knowsAnother && epoch.isAfter(follow.promised())) {
            effects.outbox()
                    .send(from, new Frame.Stale(partition.service(), partition.number(), epoch));
        }
        replication.attach(from, follow.end(), follow.committed(), follow.counts());
        ledger.advance();
    }

    @Override
    public void flush() {
        context.syncTo(quorum.syncWanted());
        groups.flush();
        replication.flush();
        if (!context.unowned.isEmpty() && !isDoubtful && !ledger.isFull()) {
            executor.executeWaiting();
            replication.flush();
        }
    }

    // ---- the world around ----------------------------------------------------------------------

    @Override
    public void ringChanged(long now) {
        replication.ringChanged();
        ledger.advance();
    }

    @Override
    public long tick(long now) {
        long end = partition.endOffset();
        claim(now);
        if (isDoubtful && now - nextConfirmNanos >= 0) {
            confirm(now);
            context.unowned.drainTo(pending -> request(pending, now));
        }
        ledger.tick(now);
        executor.tick();
        if (now - nextSweepNanos >= 0) {
            partition.dedup().forgetBefore(sweptTime);
            sweepLater(now);
        }
        long restNanos = nextSweepNanos - now;
        if (!isDoubtful) {
            expirer.tick(effects.host().wallMillis());
            groups.tick(now);
            restNanos = Math.min(restNanos, expirer.restNanos());
        }
        replication.tick(now);
        boolean hasAppended = partition.endOffset() > end; // and that is to be flushed
        return isCalm() && !hasAppended ? Math.max(0, restNanos) : 0;
    }

    /** Whether nothing is under way that time alone could further. */
    private boolean isCalm() {
        return !isDoubtful
                && ledger.isIdle()
                && executor.isIdle()
                && replication.isSettled()
                && groups.isCalm()
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
        LogPosition told = context.told();
        if (told != null) {
            effects.outbox()
                    .send(
                            wanted,
                            new Frame.Follow(
                                    partition.service(),
                                    partition.number(),
                                    epoch,
                                    told,
                                    context.toldFirm(told),
                                    true));
        }
    }

    @Override
    public void linkUp(MemberId member, long now) {}

    @Override
    public void linkDown(MemberId member) {
        executor.abandon(member);
        replication.detach(member);
        groups.linkDown(member);
    }

    /** After a fault: whoever waits asks again, and is told that nobody answers. */
    void giveUp() {
        ledger.redirectAll(Epoch.ZERO);
        executor.redirectAll(Epoch.ZERO);
    }

    /** It is held here no more: who follows looks for another owner, or for this member again. */
    void close() {
        giveUp();
        replication.end(context.partition.promised());
    }

    @Override
    public void end(Epoch higher) {
        ledger.redirectAll(higher);
        context.unowned.redirectAll(higher);
        executor.redirectAll(higher);
        replication.end(higher);
    }
}
