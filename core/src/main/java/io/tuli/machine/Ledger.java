package io.tuli.machine;

import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.error.Require;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.RequestDigest;
import io.tuli.protocol.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an owner writes down during its epoch: appends what is decided, commits what has its copies,
 * and answers then. What was executed before is answered from here, too. One thread.
 */
public final class Ledger {

    /** Entries that may wait for their copies; their bytes have the changelog's limit. */
    static final long UNCOMMITTED_MOST = 65_536;

    private final Partition partition;
    private final CoreContext context;
    private final Effects effects;
    private final Epoch epoch;
    private final Overlay overlay;
    private final RequestDecider decider;
    private final Quorum quorum;
    private final ParkedReplies parked;
    private final Emissions emissions;

    /** The latest end of the changelog that was told without an entry of its own. */
    private LogPosition toldEnd = LogPosition.START;

    private long openedEnd;
    private boolean hasMerged;

    /**
     * @param overlay what is appended here and not committed
     */
    public Ledger(
            Partition partition,
            CoreContext context,
            Epoch epoch,
            Overlay overlay,
            RequestDecider decider,
            Quorum quorum) {
        this.partition = partition;
        this.context = context;
        this.effects = context.effects();
        this.epoch = epoch;
        this.overlay = overlay;
        this.decider = decider;
        this.quorum = quorum;
        this.parked = new ParkedReplies(effects, context.held());
        this.emissions = new Emissions(partition, effects);
    }

    /** Reads what the next request will touch of it, so far as it lies that deep. */
    public int prefetch(int depth) {
        return switch (depth) {
            case 0 -> (int) openedEnd;
            case 1 -> (quorum.isEnough() ? 1 : 0) + (parked.isEmpty() ? 1 : 0);
            default -> 0;
        };
    }

    // ---- entries that no request of this epoch made --------------------------------------------

    /** An entry of an earlier owner: it is committed with the one that opens the epoch. */
    public void adopt(Entry entry) {
        overlay.appended(entry.offset(), overlay.after(entry.edits()), entry.edits());
        decider.lifetimes().note(entry.edits());
    }

    /** Appends the entry that opens the epoch. */
    public void open() {
        quorum.open();
        partition.append(Entry.opening(epoch, partition.endOffset(), partition.nextTime()));
        openedEnd = partition.endOffset();
    }

    /** Appends an entry of another side of a split; answers which documents it changes. */
    public Set<String> appendMerged(Entry entry) {
        hasMerged = true;
        Map<String, Payload> after = overlay.after(entry.edits());
        partition.append(entry);
        overlay.appended(entry.offset(), after, entry.edits());
        decider.lifetimes().note(entry.edits());
        return after.keySet();
    }

    /** Takes out documents whose time is over, each by an edit of its own. */
    public void expire(List<Edit> edits) {
        append(
                new Entry(
                        epoch,
                        partition.endOffset(),
                        partition.nextTime(),
                        RequestId.NONE,
                        0,
                        0,
                        edits,
                        Payload.NONE,
                        List.of(),
                        decider.extras(edits)),
                overlay.after(edits));
    }

    /**
     * Says how far a group of readers is.
     *
     * @return the offset of the entry
     */
    public long group(GroupPlace group) {
        long offset = partition.endOffset();
        append(
                new Entry(
                        epoch,
                        offset,
                        partition.nextTime(),
                        RequestId.NONE,
                        0,
                        0,
                        List.of(),
                        Payload.NONE,
                        List.of(),
                        Extras.of(group)),
                Map.of());
        return offset;
    }

    // ---- requests ------------------------------------------------------------------------------

    /** Whether the opening entry is committed, and with it all that was adopted. */
    public boolean isOpened() {
        return partition.committedEnd() >= openedEnd;
    }

    /**
     * Committed state has all that was acknowledged, once the opening entry is committed. Before,
     * an earlier owner may have acknowledged what this one has adopted and not committed: a read
     * then waits for it. So does one of a document whose time would be over, had it not been
     * renewed in an entry that waits for its copies.
     */
    public void read(PendingRequest pending) {
        Frame.Request request = pending.request();
        String key = request.key().top();
        Lifetimes lifetimes = decider.lifetimes();
        long moment = lifetimes.moment();
        boolean isFirm = isOpened() && !lifetimes.isRenewed(key, moment);
        Payload document =
                isFirm ? lifetimes.committed(key, moment) : lifetimes.document(key, moment);
        Payload value = context.documents().read(document, request.key());
        if (isFirm) {
            long end = partition.committedEnd();
            int copies = quorum.copiesAt(end);
            int disks = quorum.disksAt(end);
            pending.ok(partition.committed(), copies, disks, false, value, effects);
        } else {
            answer(pending, end(), value, null);
        }
    }

    /** Where the changelog ends: in this epoch, for it has been opened. */
    private LogPosition end() {
        return new LogPosition(epoch, partition.endOffset());
    }

    /**
     * Whether so much waits to be committed, or kept, that more would not be bounded. Then requests
     * wait before they are begun: one that is larger than all that may be appended delays others.
     */
    public boolean isFull() {
        if (partition.spec().isKept() && !effects.keeper().hasRoom() && whyFull().isEmpty()) {
            return true;
        }
        boolean isAllUncommitted = partition.log().start().offset() >= partition.committedEnd();
        return partition.endOffset() - partition.committedEnd() >= UNCOMMITTED_MOST
                || (isAllUncommitted
                        && partition.log().sizeBytes() > context.limits().changelogBytes());
    }

    /** Why nothing new can be kept until somebody makes room; empty where it can. */
    String whyFull() {
        return partition.spec().isKept() ? effects.keeper().whyFull() : "";
    }

    /**
     * Answers a request that was executed with the stored reply, and refuses another under its id.
     *
     * @return whether it was either
     */
    boolean answerStored(PendingRequest pending) {
        RequestId id = pending.request().id();
        if (partition.dedup().find(id) == null) {
            return false;
        }
        Snapshot.Reply reply = partition.dedup().find(id, RequestDigest.of(pending.request()));
        if (reply == null) {
            pending.conflict(effects);
        } else if (reply.isForgotten()) {
            pending.replyForgotten(effects);
        } else {
            answer(pending, positionAfter(reply), reply.reply(), null);
        }
        return true;
    }

    private LogPosition positionAfter(Snapshot.Reply executed) {
        Changelog log = partition.log();
        Epoch appendedIn = log.lineage().epochAt(executed.offset());
        Epoch known = appendedIn.equals(Epoch.ZERO) ? log.start().epoch() : appendedIn;
        return new LogPosition(known, executed.offset() + 1);
    }

    /**
     * Answers a request with another side's reply, if that side of a split had executed it and was
     * merged while the request was queued or running here.
     *
     * @return whether it was
     */
    boolean answerMerged(PendingRequest pending) {
        return hasMerged && !pending.isFold() && answerStored(pending);
    }

    /**
     * Appends the decision's edits and parks its reply, or tells the caller why not.
     *
     * @param moment whose documents the decision has seen
     */
    void commit(PendingRequest pending, Decision.Done done, long moment) {
        if (answerMerged(pending)) {
            discard(done);
            return;
        }
        if (!done.isOnlyReply() || pending.isFold()) {
            RequestDecider.Draft draft = decider.draft(pending, done, epoch, moment);
            if (draft.entry() == null) {
                discard(done);
                refuse(pending, done, Objects.requireNonNull(draft.refusal()));
                return;
            }
            emissions.add(draft.entry(), done.emitted());
            answer(pending, append(draft.entry(), draft.after()), done.reply(), done.stream());
            return;
        }
        answer(pending, sameEnd(), done.reply(), done.stream());
    }

    /** The end, told again and again while nothing is appended. */
    private LogPosition sameEnd() {
        if (toldEnd.offset() != partition.endOffset()) {
            toldEnd = end();
        }
        return toldEnd;
    }

    /**
     * Commits a request that gives a whole document another value and does nothing else, as most
     * do: the same as {@link #commit}, without the objects on the way to it.
     *
     * @return false where that takes them; nothing has happened then
     */
    boolean replace(PendingRequest pending) {
        Frame.Request request = pending.request();
        Payload value = hasMerged ? null : decider.replacement(pending);
        if (value == null) {
            return false;
        }
        long offset = partition.endOffset();
        long digest = RequestDigest.of(request);
        if (!partition.replace(request.id(), digest, pending.sender(), request.key(), value)) {
            return false;
        }
        LogPosition position;
        if (isCommittedAt(offset)) {
            position = committed(null);
        } else {
            position = appended(offset, Map.of(request.key().top(), value), List.of());
        }
        answer(pending, position, Payload.NONE, null);
        return true;
    }

    private void refuse(PendingRequest pending, Decision.Done done, Decision.Fail why) {
        if (pending.isFold()) {
            boolean isNothing = done.isOnlyReply() && done.reply().isNone();
            Require.invariant(!isNothing, "marks alone can always be appended", why.detail());
            leaveOut(pending, why);
        } else {
            pending.fail(why, effects);
        }
    }

    /** A folded message that fails changes nothing; its mark moves all the same. */
    void leaveOut(PendingRequest fold, Decision.Fail why) {
        Frame.Request request = fold.request();
        effects.observer()
                .leftOut(
                        partition.service(),
                        partition.number(),
                        request.key(),
                        request.verb(),
                        why);
        commit(fold, Decision.Done.reply(Payload.NONE), Lifetimes.TIMELESS);
    }

    /** Nobody waits for it any more, or it is to be made again. */
    void discard(Decision decision) {
        if (decision instanceof Decision.Done done && done.stream() != null) {
            effects.observer().discard(done.stream());
        }
    }

    private LogPosition append(Entry entry, Map<String, Payload> after) {
        partition.append(entry);
        return isCommittedAt(entry.offset())
                ? committed(entry.edits())
                : appended(entry.offset(), after, entry.edits());
    }

    /** Whether an entry of that offset is committed as soon as it is appended. */
    private boolean isCommittedAt(long offset) {
        return quorum.isAlone() && partition.committedEnd() == offset;
    }

    private LogPosition committed(@Nullable List<Edit> edits) {
        LogPosition position = partition.commitAppended(edits);
        emissions.committed(position.offset() - 1, position.offset());
        return position;
    }

    private LogPosition appended(long offset, Map<String, Payload> after, List<Edit> edits) {
        LogPosition position = end();
        overlay.appended(offset, after, edits);
        if (quorum.isEnough()) {
            advance();
        }
        return position;
    }

    /** Tells the reply, now or when the entry before the position has its copies. */
    private void answer(
            PendingRequest pending,
            LogPosition position,
            Payload reply,
            Decision.@Nullable Stream stream) {
        Commit asked = pending.request().commit();
        if (position.offset() <= quorum.reachedBy(asked)) {
            ParkedReplies.tell(pending, position, quorum, reply, stream, effects);
            return;
        }
        if (asked.disks() > 0) {
            quorum.want(position.offset());
        }
        parked.add(ParkedReplies.Parked.of(pending, position, reply, stream));
    }

    // ---- copies --------------------------------------------------------------------------------

    /** More of the copy here is kept. */
    public void kept() {
        quorum.kept();
        advance();
    }

    /** Commits what has its copies by now, and tells the replies that waited for them. */
    public void advance() {
        long from = partition.committedEnd();
        long reached = quorum.committable();
        if (from < reached) {
            partition.commitTo(reached);
            overlay.committedUntil(reached);
            emissions.committed(from, reached);
        }
        parked.release(quorum);
    }

    /** Time has passed. */
    public void tick(long now) {
        parked.expire(now);
        parked.tellAccepted();
    }

    /** Whether no reply waits. */
    public boolean isIdle() {
        return parked.isEmpty();
    }

    /** The epoch is over. */
    public void redirectAll(Epoch higher) {
        parked.redirectAll(higher);
    }
}
