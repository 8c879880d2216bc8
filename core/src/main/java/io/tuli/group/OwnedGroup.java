package io.tuli.group;

import io.tuli.Epoch;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Consumed;
import io.tuli.log.Extras.Acks;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.Extras.Mark;
import io.tuli.machine.CoreContext;
import io.tuli.machine.Ledger;
import io.tuli.machine.Partition;
import io.tuli.protocol.Durations;
import io.tuli.protocol.GroupFrame;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One group of readers of one partition, at its owner. It has a holder, or awaits those that may
 * still read, or nobody wants to read. One thread.
 */
final class OwnedGroup {

    /** In place of a moment: from the next tick on. */
    private static final long UNTIMED = Long.MIN_VALUE;

    /** A grant that was not heard is told again. */
    private static final long TELL_NANOS = 500_000_000L;

    private static final int TIMES_TOLD_MOST = 10;

    /** In place of an offset: whatever it claims, it has stopped. */
    private static final long ANY = 0;

    private final Partition partition;
    private final CoreContext core;
    private final Epoch epoch;
    private final Ledger ledger;
    private final String name;

    /** Who wants to read, and where to reach it. */
    private final Map<ReaderId, MemberId> claimants = new HashMap<>();

    /** Who may still read: nobody is granted anything before it is known that they have stopped. */
    private final Map<ReaderId, Awaited> awaited = new LinkedHashMap<>();

    private ReaderId holder = ReaderId.NONE;
    private long grantOffset;
    private boolean isTold;
    private boolean isHeard;
    private long nextTellNanos = UNTIMED;
    private int timesTold;
    private Consumed consumed;
    private final Marks marks;
    private long seenMillis;
    private boolean isDirty;
    private long nextWriteNanos = UNTIMED;

    /**
     * A reader that is to have stopped.
     *
     * @param offset of its grant of this epoch
     */
    private record Awaited(long offset, long untilNanos) {}

    OwnedGroup(
            Partition partition, CoreContext core, Epoch epoch, Ledger ledger, GroupPlace place) {
        this.partition = partition;
        this.core = core;
        this.epoch = epoch;
        this.ledger = ledger;
        this.name = place.name();
        this.consumed = place.consumed();
        this.marks = new Marks(place.acks(), limits());
        this.seenMillis = place.seenMillis();
        await(new ReaderId(place.member(), place.reader()), ANY);
        if (place.member() != 0) {
            seenMillis = core.effects().host().wallMillis();
        }
    }

    String name() {
        return name;
    }

    private Limits.Groups limits() {
        return core.limits().groups();
    }

    boolean isFull() {
        return claimants.size() >= limits().readers();
    }

    /** What of rejected changes there is when an entry says so. */
    Acks after(Acks said) {
        return said.after(marks.held());
    }

    /** Of so many entries beyond its place it is known how they are; others come again. */
    void keepMarks(int most) {
        marks.keep(most);
    }

    /** What its rejected changes take. */
    int rejectedBytes() {
        return marks.rejectedBytes();
    }

    /** These rejected changes are kept no more. */
    void discard(List<LogPosition> places) {
        isDirty |= marks.hasDiscarded(places);
    }

    /** What is known of it is of another side of a split, and not written here. */
    void took(GroupPlace theirs) {
        boolean unused = marks.hasJoined(theirs.acks().marks(), consumed);
        unused = marks.hasRejected(theirs.acks().rejected(), Integer.MAX_VALUE);
        isDirty = true;
    }

    private void await(ReaderId reader, long offset) {
        if (!reader.isNone()) {
            awaited.put(reader, new Awaited(offset, UNTIMED));
        }
    }

    // ---- what readers say ----------------------------------------------------------------------

    void claimed(MemberId from, GroupFrame.Claim claim, long now) {
        ReaderId reader = new ReaderId(from.incarnation(), claim.reader());
        long released = claim.released().epoch().equals(epoch) ? claim.released().offset() : ANY;
        boolean isNews =
                claim.hasRead() && hasJoined(Consumed.ofPlaces(claim.places()), claim.acks());
        if (reader.equals(holder) && (released == grantOffset || claim.isLeaving())) {
            holder = ReaderId.NONE;
        }
        if (isNews && !reader.equals(holder)) {
            revoke(); // who reads does not know of it
        }
        Awaited before = awaited.get(reader);
        if (before != null && (released >= before.offset() || claim.isLeaving())) {
            awaited.remove(reader);
        }
        if (claim.isLeaving()) {
            claimants.remove(reader);
            left();
        } else {
            claimants.put(reader, from);
        }
        if (!reader.equals(holder)) {
            tell(from, claim.reader(), GroupFrame.Revoke.NONE);
        } else if (isTold) {
            grant(from);
        }
        decide(now);
    }

    /**
     * A reader says how far it is.
     *
     * @param room what rejected changes may still take, in bytes
     */
    void took(MemberId from, GroupFrame.Took took, int room) {
        ReaderId reader = new ReaderId(from.incarnation(), took.reader());
        Awaited before = awaited.get(reader);
        boolean isHolder = reader.equals(holder) && took.offset() == grantOffset;
        isHeard |= isHolder;
        if (isHolder || (before != null && took.offset() == before.offset())) {
            boolean unused = hasJoined(Consumed.ofPlaces(took.places()), took.acks());
            isDirty |= marks.hasRejected(took.acks().rejected(), room);
        }
    }

    /**
     * Whether there is something new in it. What was consumed of a changelog that has nothing to do
     * with this one is of no use.
     */
    private boolean hasJoined(Consumed other, Acks acks) {
        boolean isStrange =
                partition.log().lineage().starts().stream().noneMatch(other::hasEpochOf);
        Consumed both = isStrange ? consumed : consumed.with(other);
        boolean isNews = !both.places().equals(consumed.places());
        consumed = both;
        isNews |= marks.hasJoined(isStrange ? ofHere(acks.marks()) : acks.marks(), consumed);
        isDirty |= isNews;
        return isNews;
    }

    /** Those of epochs that this changelog went through. */
    private List<Mark> ofHere(List<Mark> others) {
        List<LogPosition> starts = partition.log().lineage().starts();
        return others.stream()
                .filter(
                        mark ->
                                starts.stream()
                                        .anyMatch(
                                                start ->
                                                        start.epoch().equals(mark.entry().epoch())))
                .toList();
    }

    private void left() {
        if (claimants.isEmpty()) {
            seenMillis = core.effects().host().wallMillis();
            isDirty = true;
        }
    }

    // ---- the world around ----------------------------------------------------------------------

    void linkDown(long member) {
        if (claimants.keySet().removeIf(reader -> reader.member() == member)) {
            left();
        }
        if (holder.member() == member && !holder.isNone()) {
            if (isTold) {
                await(holder, ANY);
            }
            holder = ReaderId.NONE;
        }
        awaited.replaceAll(
                (reader, each) ->
                        reader.member() == member ? new Awaited(ANY, each.untilNanos()) : each);
    }

    /** Another side of a split has consumed so much, and somebody may still read there. */
    void merging(GroupPlace theirs) {
        boolean isNews = hasJoined(theirs.consumed(), theirs.acks());
        isDirty |= marks.hasRejected(theirs.acks().rejected(), Integer.MAX_VALUE);
        isDirty |= marks.hasDiscarded(theirs.acks().discarded());
        ReaderId there = new ReaderId(theirs.member(), theirs.reader());
        if (!there.isNone() && !there.equals(holder) && !claimants.containsKey(there)) {
            await(there, ANY);
            isNews = true;
        }
        if (isNews) {
            revoke(); // who reads does not know of it
        }
    }

    /**
     * What another side of a split has said of it is written with what that side has written: who
     * owns the partition next may never have heard of it.
     */
    void writeMerged() {
        if (isDirty) {
            long unused = write();
        }
    }

    private void revoke() {
        MemberId at = claimants.get(holder);
        if (at != null && isTold) {
            await(holder, grantOffset);
            tell(at, holder.number(), grantOffset);
        }
        holder = ReaderId.NONE;
    }

    /** Time has passed; answers whether the group is forgotten. */
    boolean tick(long now) {
        forgetGone(now);
        decide(now);
        tellAgain(now);
        boolean isDue = nextWriteNanos == UNTIMED || now - nextWriteNanos >= 0;
        if (isDirty && isDue && !ledger.isFull()) {
            long unused = write(now);
        }
        long nowMillis = core.effects().host().wallMillis();
        boolean isOver =
                claimants.isEmpty()
                        && awaited.isEmpty()
                        && holder.isNone()
                        && nowMillis - seenMillis > Durations.millis(limits().memory())
                        && !ledger.isFull();
        if (isOver) {
            long unused = ledger.group(GroupPlace.forgotten(name));
        }
        return isOver;
    }

    /** A grant that is not heard holds up its partition: who never hears it has to claim anew. */
    private void tellAgain(long now) {
        ReaderId reader = holder;
        MemberId at = claimants.get(reader);
        if (at == null || !isTold || isHeard) {
            return;
        }
        if (nextTellNanos == UNTIMED) {
            nextTellNanos = now + TELL_NANOS;
        } else if (now - nextTellNanos >= 0 && timesTold < TIMES_TOLD_MOST) {
            nextTellNanos = now + TELL_NANOS;
            timesTold++;
            grant(at);
        } else if (now - nextTellNanos >= 0) {
            revoke();
            claimants.remove(reader);
        }
    }

    /** Who is there no more, or has not answered in time, is not waited for. */
    private void forgetGone(long now) {
        awaited.replaceAll(
                (reader, each) ->
                        each.untilNanos() == UNTIMED
                                ? new Awaited(
                                        each.offset(), now + Durations.nanos(limits().handover()))
                                : each);
        awaited.entrySet().removeIf(each -> isOver(each.getKey(), each.getValue(), now));
    }

    private boolean isOver(ReaderId reader, Awaited each, long now) {
        if (core.presence().isGone(reader.member())) {
            return true;
        }
        if (now - each.untilNanos() < 0) {
            return false;
        }
        core.effects()
                .observer()
                .forced(
                        partition.service(),
                        partition.number(),
                        "a reader that is to stop says so within groups.handover, its group reads"
                                + " on without it: group="
                                + name);
        return true;
    }

    /** Whether nothing is under way that time alone could further. */
    boolean isCalm() {
        return !isDirty && awaited.isEmpty() && (holder.isNone() ? claimants.isEmpty() : isHeard);
    }

    // ---- deciding ------------------------------------------------------------------------------

    private void decide(long now) {
        tellGranted();
        ReaderId best = ReaderId.best(claimants.keySet(), partition.service(), partition.number());
        if (best == null) {
            return;
        }
        if (!holder.isNone() && isTold && !best.equals(holder)) {
            revoke();
        }
        if (holder.isNone() && awaited.isEmpty() && !ledger.isFull()) {
            holder = best;
            isTold = false;
            isHeard = false;
            nextTellNanos = UNTIMED;
            timesTold = 0;
            grantOffset = write(now);
            tellGranted();
        }
    }

    /** A grant is told when the entry that says so is committed. */
    void tellGranted() {
        MemberId at = claimants.get(holder);
        if (at != null && !isTold && partition.committedEnd() > grantOffset) {
            isTold = true;
            grant(at);
        }
    }

    /** Says how far the group is; answers the offset of the entry. */
    private long write(long now) {
        nextWriteNanos = now + Durations.nanos(limits().report());
        return write();
    }

    private long write() {
        isDirty = false;
        ReaderId reads = holder;
        if (holder.isNone() && !awaited.isEmpty()) {
            reads = awaited.keySet().iterator().next();
        }
        seenMillis = Math.max(1, core.effects().host().wallMillis());
        return ledger.group(
                new GroupPlace(
                        name,
                        reads.member(),
                        reads.number(),
                        seenMillis,
                        consumed.places(),
                        marks.takeNews()));
    }

    private void grant(MemberId to) {
        core.effects()
                .outbox()
                .send(
                        to,
                        new GroupFrame.Grant(
                                partition.service(),
                                partition.number(),
                                epoch,
                                holder.number(),
                                name,
                                grantOffset,
                                consumed.places(),
                                marks.known()));
    }

    private void tell(MemberId to, long reader, long offset) {
        core.effects()
                .outbox()
                .send(
                        to,
                        new GroupFrame.Revoke(
                                partition.service(),
                                partition.number(),
                                epoch,
                                reader,
                                offset,
                                ""));
    }
}
