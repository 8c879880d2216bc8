package io.tuli.machine;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.error.Require;
import io.tuli.lifetime.Tombstones;
import io.tuli.log.Changelog;
import io.tuli.log.Consumed;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import io.tuli.log.PartitionState;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Snapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this member holds of one partition, whatever its role: changelog, committed state, executed
 * requests, source positions, promise.
 *
 * <p>Invariants: {@code log.start <= committedEnd <= log.end}; the state is exactly the entries
 * before {@code committedEnd}; {@code promised} never decreases. Entries are applied when they are
 * committed, never before.
 */
public final class Partition {

    /**
     * Of the committed changelog so much is kept although everybody has it, for links that come
     * back and for feeds.
     */
    private static final int TAIL_BYTES = 128 * 1024;

    /**
     * More than the tail is kept for a while, so that trimming need not be thought of each time.
     */
    private static final int SLACK_BYTES = TAIL_BYTES / 32;

    /** What so many entries will touch is fetched from memory at a time. */
    public static final int EXPECTED_ENTRIES = 32;

    /** So deep lies what {@link #prefetch} reads. */
    public static final int DEPTHS = 4;

    private final ServiceSpec spec;
    private final int number;
    private final Changelog log = new Changelog();
    private final CommittedDocuments committed;
    private final DedupTable dedup;
    private final Map<Long, Consumed> consumed = new HashMap<>();
    private final MergedMarks merged = new MergedMarks();
    private final HeldGroups groups = new HeldGroups();

    private final Limits limits;
    private final CoreContext.Retention retention;
    private long retainedBytes;
    private final Effects effects;
    private final EntryReader reader;
    private Epoch promised;
    private long committedEnd;
    private long heldEnd;
    private long eventsEnd;
    private long lastTime;
    private long truncatedTo = Long.MAX_VALUE;

    public Partition(ServiceSpec spec, int number, PartitionState state, CoreContext context) {
        this.spec = spec;
        this.number = number;
        this.dedup = new DedupTable(context.limits().dedupPerCaller(), context.remembered());
        this.committed = new CommittedDocuments(spec, state, context);
        this.limits = context.limits();
        this.retention = context.retention();
        this.effects = context.effects();
        this.reader = context.reader();
        this.promised = spec.isServed() ? context.promises().of(spec.number(), number) : Epoch.ZERO;
        state.isOf(log.lineage());
    }

    // ---- what it is, and what it holds ---------------------------------------------------------

    public ServiceSpec spec() {
        return spec;
    }

    /** The number of its service. */
    public int service() {
        return spec.number();
    }

    /** Its own number among the partitions of its service. */
    public int number() {
        return number;
    }

    /** To be read: only the partition itself appends to it, cuts and trims it. */
    public Changelog log() {
        return log;
    }

    /** Where the changelog ends, committed or not. */
    public LogPosition end() {
        return log.end();
    }

    public long endOffset() {
        return log.endOffset();
    }

    /** The committed documents. To be read: it changes as entries are applied. */
    public PartitionState state() {
        return committed.state();
    }

    /** A committed document; none if there is none. */
    public Payload document(String topLevelKey) {
        return committed.document(topLevelKey);
    }

    /** Keys removed of late. */
    public Tombstones tombstones() {
        return committed.tombstones();
    }

    /**
     * Executed requests with their replies. Empty where this member can never own the partition,
     * and so answers no repeat.
     */
    public DedupTable dedup() {
        return dedup;
    }

    /** How far each source is folded that is folded into it. */
    public Collection<Consumed> consumed() {
        return consumed.values();
    }

    public Consumed consumed(long source) {
        return consumed.getOrDefault(source, Consumed.NOTHING);
    }

    /** What was merged into it of other sides of splits. */
    public List<SourceMark> mergedMarks() {
        return merged.marks();
    }

    /** How far groups of readers are. */
    public HeldGroups groups() {
        return groups;
    }

    /** What documents were before they were changed after a fork. */
    public Map<String, MergeBases.Ancestor> basesAt(long fork) {
        return committed.bases().at(fork);
    }

    /** What documents were that have outlived their time after a fork. */
    public Map<String, Payload> expiredSince(long fork) {
        return committed.bases().expiredSince(fork);
    }

    /** A server is lost, and may be on another side of a split: what documents are now is kept. */
    public void parted() {
        committed.bases().parted(committedEnd);
    }

    // ---- how far it is -------------------------------------------------------------------------

    /** The highest epoch this member has promised; it takes no part in lower ones. */
    public Epoch promised() {
        return promised;
    }

    public void promise(Epoch epoch) {
        Require.invariant(!promised.isAfter(epoch), "a promise never decreases", epoch);
        promised = epoch;
    }

    /** Of a replica without a vote: the epoch it had seen is nobody's any more. */
    public void goBack(Epoch epoch) {
        Require.invariant(!spec.isServed(), "a promise never decreases", epoch);
        promised = epoch;
    }

    public long committedEnd() {
        return committedEnd;
    }

    public LogPosition committed() {
        return log.positionAt(committedEnd);
    }

    /** Only who has it too makes this member give it up: it is committed, merged or came back. */
    public long firmEnd() {
        return Math.max(committedEnd, heldEnd);
    }

    public LogPosition firm() {
        return log.positionAt(firmEnd());
    }

    /** What is here came back from a disk: all of it may have been told OK. */
    public void cameBack() {
        heldEnd = endOffset();
    }

    /** After the latest entry with events that was ever appended here. */
    public long eventsEnd() {
        return eventsEnd;
    }

    /** Of the youngest entry, by the clock of whoever appended it. */
    public long latestTime() {
        return lastTime;
    }

    /**
     * Time of the next entry: the wall clock, but after all that was ever held here, whoever wrote
     * it; so a write that saw another is the later one.
     */
    public long nextTime() {
        return Math.max(effects.host().wallMillis() << 16, lastTime + 1);
    }

    /** What the role expects of what comes, see {@code Replica.prefetch}. */
    public int prefetch(int depth, int keyHash) {
        if (depth > 0) {
            return log.prefetch(depth - 1)
                    + state().prefetch(depth - 1, keyHash)
                    + dedup.prefetch(depth - 1);
        }
        return (int) log.endOffset() + committed.prefetch();
    }

    // ---- appending and applying ----------------------------------------------------------------

    /** Appends an entry of this member's own. */
    public void append(Entry entry) {
        log.append(entry);
        log.read(entry.offset(), reader);
        appended(reader, entry.reply());
    }

    /**
     * Appends an entry of this member's own epoch that only replaces a document; false where it is
     * to be appended as an object.
     */
    boolean replace(RequestId id, long digest, long caller, Key key, Payload value) {
        long offset = log.endOffset();
        if (!log.replace(nextTime(), id, digest, caller, key, value)) {
            return false;
        }
        log.read(offset, reader);
        appended(reader, Payload.NONE);
        return true;
    }

    /** Appends the entry a reader is at. */
    public void append(EntryReader entry) {
        log.append(entry);
        appended(entry, null);
    }

    public void append(Entries entries) {
        for (int i = 0; i < entries.size(); i++) {
            entries.read(i, reader);
            append(reader);
        }
    }

    private void appended(EntryReader entry, @Nullable Payload knownReply) {
        boolean isFolded = entry.isFolded();
        if (entry.hasMarks() && !isFolded) {
            heldEnd = entry.offset() + 1;
        }
        if (entry.events() > 0) {
            eventsEnd = entry.offset() + 1;
        }
        lastTime = Math.max(lastTime, entry.time());
        if (isRemembered(entry, isFolded)) {
            Payload reply = isFolded ? Payload.NONE : knownReply;
            dedup.add(entry, reply == null ? entry.reply() : reply);
        }
    }

    /** What a fold made is recognised by its marks, and after a split by its request, too. */
    private boolean isRemembered(EntryReader entry, boolean isFolded) {
        return spec.isServed()
                && !entry.isOfNobody()
                && (!isFolded || entry.origin() == Reserved.FOLDS);
    }

    /** Drops the uncommitted suffix after an offset: none of it ever had an effect here. */
    public void truncateTo(long offset) {
        Require.invariant(offset >= firmEnd(), "firm entries are never truncated", offset);
        truncatedTo = Math.min(truncatedTo, offset);
        for (Entry dropped : log.truncateTo(offset)) {
            if (!dropped.id().isNone()) {
                dedup.remove(dropped.id(), dropped.digest());
            }
        }
    }

    /** Up to where the changelog was cut since this was asked last; far away if it was not. */
    public long takeTruncated() {
        long offset = truncatedTo;
        truncatedTo = Long.MAX_VALUE;
        return offset;
    }

    /** Applies entries up to an offset the log reaches, and tells of each. */
    public void commitTo(long offset) {
        long from = committedEnd;
        applyTo(offset);
        tellApplied(from);
    }

    /** The same, to be told of afterwards. */
    public void applyTo(long offset) {
        long expectedEnd = committedEnd;
        while (committedEnd < offset) {
            if (committedEnd == expectedEnd) {
                expectedEnd = Math.min(offset, expectedEnd + EXPECTED_ENTRIES);
                log.prefetch(committedEnd, expectedEnd, state());
            }
            log.read(committedEnd, reader);
            apply(reader);
        }
    }

    /** Applies the entry at the committed end, at which a reader is: to be told of afterwards. */
    public void apply(EntryReader entry) {
        apply(entry, null);
        committedEnd++;
    }

    /** Tells of what has been applied from an offset on. */
    public void tellApplied(long from) {
        if (from < committedEnd) {
            effects.observer().applied(service(), number, from, log.positionAt(committedEnd));
        }
    }

    /**
     * Commits the entry that was appended last, just now, as it is at once where nobody else holds
     * a copy.
     *
     * @param known its edits, if they are known; null if not
     * @return the position after it
     */
    LogPosition commitAppended(@Nullable List<Edit> known) {
        long offset = reader.offset();
        Require.invariant(offset == committedEnd, "all before is committed", offset);
        apply(reader, known);
        committedEnd++;
        LogPosition end = log.end();
        effects.observer().applied(service(), number, offset, end);
        return end;
    }

    private void apply(EntryReader entry, @Nullable List<Edit> known) {
        committed.apply(entry, known);
        if (entry.hasMarks()) {
            List<SourceMark> marks = entry.marks();
            marks.forEach(this::note);
            effects.observer().marked(service(), number, marks);
        }
        groups.apply(entry, committedEnd + 1);
    }

    private void note(SourceMark mark) {
        if (mark.isOfMerge()) {
            merged.add(mark);
        } else {
            consumed.put(mark.source(), consumed(mark.source()).with(mark));
        }
    }

    /** One of a snapshot's marks: they come in the order in which they are held. */
    private void restore(SourceMark mark) {
        if (mark.isOfMerge()) {
            merged.add(mark);
        } else {
            consumed.put(mark.source(), consumed(mark.source()).restoring(mark));
        }
    }

    /** What was merged before an offset that is committed, or later. */
    public MergedMarks mergedUntil(long offset) {
        MergedMarks all = new MergedMarks();
        all.addAll(merged);
        for (long each = committedEnd; each < offset; each++) {
            Entry entry = log.at(each);
            if (!entry.isFolded()) {
                entry.marks().forEach(all::add);
            }
        }
        return all;
    }

    // ---- snapshots and trimming ----------------------------------------------------------------

    /**
     * Replaces everything by a snapshot as of a position, which is committed. What it brings of the
     * changelog after that is not: it is in the changelog here, and in the state once it is.
     */
    public void install(LogPosition at, Snapshot snapshot) {
        PartitionState filled = committed.filled(snapshot.documents());
        lastTime = Math.max(lastTime, committed.latestTime());
        dedup.clear();
        for (Snapshot.Reply reply : snapshot.replies()) {
            if (spec.isServed()) {
                dedup.add(reply);
            }
            lastTime = Math.max(lastTime, reply.time());
        }
        dedup.installed();
        consumed.clear();
        merged.clear();
        snapshot.marks().forEach(this::restore);
        groups.become(snapshot.groups(), at.offset());
        committed.replacing(filled, at.offset());
        log.resetting();
        state().become(filled);
        log.resetTo(at, snapshot.lineage());
        log.prepend(snapshot.tail(), reader);
        committedEnd = at.offset();
        heldEnd = 0;
        effects.observer().reset(service(), number, at);
        snapshot.tail().forEach(this::appendNew);
    }

    /** Of a snapshot's tail what follows its position, which is the end of the log here. */
    private void appendNew(Entries tail) {
        for (int i = 0; i < tail.size(); i++) {
            tail.read(i, reader);
            lastTime = Math.max(lastTime, reader.time());
            if (reader.offset() >= log.endOffset()) {
                append(reader);
            }
        }
    }

    /**
     * Forgets old entries of what is committed: keeps a tail, and up to the limit what somebody
     * still needs, which is everything from an offset on; folds here may need more. Nothing but the
     * tail where all partitions together hold too much.
     */
    public void trim(long neededElsewhereFrom) {
        long mostBytes = limits.changelogBytes();
        long keepBytes = Math.min(TAIL_BYTES, mostBytes);
        if (!isTrimmed()) {
            long neededHereFrom = effects.host().neededFrom(service(), number);
            long groupsNeedFrom = groups.neededFrom(log.lineage().starts(), committed());
            long neededFrom = Math.min(neededHereFrom, groupsNeedFrom);
            neededFrom = Math.min(neededFrom, neededElsewhereFrom);
            log.trim(Math.min(neededFrom, committedEnd), keepBytes);
            log.trim(committedEnd, mostBytes);
            if (retention.isExceeded()) {
                log.trim(committedEnd, keepBytes);
                countRetained();
            }
        }
    }

    /** Whether {@link #trim} has nothing to do, whatever is needed. */
    public boolean isTrimmed() {
        long mostBytes = limits.changelogBytes();
        return log.sizeBytes()
                <= Math.min(Math.min(TAIL_BYTES, mostBytes) + SLACK_BYTES, mostBytes);
    }

    /** Counts what the changelog holds beyond its tail. */
    public void countRetained() {
        count(Math.max(0, log.sizeBytes() - TAIL_BYTES));
    }

    private void count(long bytes) {
        retention.changed(bytes - retainedBytes);
        retainedBytes = bytes;
    }

    /** It is held no more. */
    public void close() {
        count(0);
    }
}
