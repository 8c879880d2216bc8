package io.tuli.cluster;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.RequestId;
import io.tuli.cluster.Hosted.History;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Durations;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.replica.Replica;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What must be true after every step, whatever happened. A breach ends the run.
 *
 * <ul>
 *   <li>I1 one position, one entry: nobody ever holds another entry there.
 *   <li>I2 entries are applied in order, each once: no gap for those who watch.
 *   <li>I3 logs match: what comes before a position is the same wherever the position is.
 *   <li>I4 nothing is applied that no owner has committed, nor brought by a snapshot.
 *   <li>I5 one owner of an epoch.
 *   <li>I6, I10, I13 to I17, see {@link PromisedEpochs}.
 *   <li>I7 what is committed is on two servers, unless the ring has only one.
 *   <li>I8 a request is committed at most once in a changelog.
 *   <li>I9 what was told FAILED is never committed.
 *   <li>I11 the changelog keeps within its limit.
 *   <li>P8 and P9, see {@link EditedDocuments}.
 * </ul>
 *
 * <p>All of them are asked after splits, too. One thread.
 */
public final class Invariants {

    /** What may be appended before it is looked whether there is too much. */
    private static final int SLACK_BYTES = 1024 * 1024;

    private final World world;

    /** The dead included: what they acknowledged may still be under way. */
    private final List<Peer> servers = new ArrayList<>();

    final PromisedEpochs promises;
    private final EditedDocuments documents = new EditedDocuments();
    private final Map<Place, History> histories = new HashMap<>();

    /** Calls of each request that were not told FAILED, or not yet. */
    private final Map<RequestId, Integer> unfailed = new HashMap<>();

    private final Map<RequestId, Begun> begun = new HashMap<>();

    /** By service and document. */
    private final Map<String, Set<RequestId>> changes = new HashMap<>();

    /** Entries of requests that had been executed before, by service and document. */
    private final Map<String, Set<LogPosition>> anew = new HashMap<>();

    private final Set<RequestId> executedAnew = new HashSet<>();

    private final Set<String> overruled = new HashSet<>();
    private final Set<Integer> inexact = new HashSet<>();
    private long discardedEntries;
    private final Map<MemberId, BiConsumer<Peer, InvalidFrameException>> strangers =
            new HashMap<>();

    Invariants(World world) {
        this.world = world;
        this.promises = new PromisedEpochs(world);
    }

    void joined(Peer member) {
        if (member.isServer()) {
            servers.add(member);
        }
    }

    /** Writes given up after a split: counted, because only faults that split may cause them. */
    public long discardedEntries() {
        return discardedEntries;
    }

    /** At the end of each batch of a loop: looks at what its logs hold that they did not before. */
    void check(Peer member, int loop) {
        for (Hosted hosted : member.services()) {
            for (int partition : hosted.ofLoop[loop]) {
                Replica replica = hosted.replicas.get(partition);
                promises.check(member, hosted, partition, replica.epoch());
                Changelog log = replica.log();
                LogPosition checked = hosted.checkedEnds[partition];
                if (log.endOffset() != checked.offset() || !log.contains(checked)) {
                    appended(member, hosted, partition);
                }
            }
        }
    }

    private void appended(Peer member, Hosted hosted, int partition) {
        Replica replica = hosted.replicas.get(partition);
        Changelog log = replica.log();
        LogPosition checked = hosted.checkedEnds[partition];
        long from =
                log.contains(checked)
                        ? checked.offset()
                        : Math.max(log.start().offset(), replica.committedEnd());
        History history = history(hosted, partition);
        for (long offset = from; offset < log.endOffset(); offset++) {
            Entry entry = log.at(offset);
            LogPosition before = log.positionAt(offset);
            History.Linked link = new History.Linked(before, entry);
            History.Linked known = history.linked.putIfAbsent(entry.position(), link);
            if (known != null && !known.equals(link)) {
                boolean isSameEntry = known.entry().equals(entry);
                throw world.breach(
                        isSameEntry ? "I3 logs match" : "I1 one position, one entry",
                        known + " / " + link + " at " + member);
            }
            String breach = known == null ? documents.undemanded(history, entry) : null;
            if (breach != null) {
                throw world.breach("P9 a condition holds where it is decided", breach);
            }
            String early = known == null ? EditedDocuments.early(history, entry) : null;
            if (early != null) {
                throw world.breach("P8 nothing goes before its time", early);
            }
        }
        hosted.checkedEnds[partition] = log.end();
        checkSize(member, replica);
    }

    /** I11: committed entries that everybody has, or that are over the limit, are forgotten. */
    private void checkSize(Peer member, Replica replica) {
        Changelog log = replica.log();
        long most = (long) member.limits().changelogBytes() + SLACK_BYTES;
        if (log.sizeBytes() <= most) {
            return;
        }
        long uncommitted = 0;
        for (long offset = replica.committedEnd(); offset < log.endOffset(); offset++) {
            uncommitted += log.at(offset).sizeBytes();
        }
        if (log.sizeBytes() - uncommitted > most) {
            throw world.breach(
                    "I11 the changelog keeps within its limit",
                    log.sizeBytes() + " bytes, " + uncommitted + " uncommitted, at " + member);
        }
    }

    void applied(Peer member, Hosted hosted, int partition, Entry entry) {
        History history = history(hosted, partition);
        LogPosition before = hosted.reached[partition];
        if (entry.offset() != before.offset() || before.epoch().isAfter(entry.epoch())) {
            throw world.breach(
                    "I2 entries are applied in order, each once",
                    entry + " after " + before + " at " + member);
        }
        hosted.reached[partition] = entry.position();
        if (hosted.replicas.get(partition).isOwner()) {
            committed(member, hosted, partition, entry);
            history.committed.add(entry.position());
        } else if (!history.committed.contains(entry.position())) {
            throw world.breach(
                    "I4 nothing is applied before it is committed", entry + " " + member);
        }
        if (!entry.id().isNone()) {
            executed(entry, hosted, partition);
        }
        world.timeline().trace(entry.offset() * 31 + partition);
    }

    /**
     * I4 of a state that comes as a whole: a snapshot shows nothing that no owner has committed.
     */
    void reset(Peer member, Hosted hosted, int partition, LogPosition at) {
        if (at.offset() > 0 && !history(hosted, partition).committed.contains(at)) {
            throw world.breach("I4 a snapshot is of a committed place", at + " " + member);
        }
    }

    /**
     * A repeat of what is so old that it is forgotten is no repeat. Folds are never forgotten by
     * their age. Calls of one member that were begun within half of the window of each other are
     * recognised, whatever held them up; one of another member may be held up on its link for
     * longer than the window. After a split each side remembers by its own clock.
     */
    private boolean isForgotten(History history, Entry entry, Entry other) {
        long apartMillis = Math.abs(entry.wallMillis() - other.wallMillis());
        boolean isLongAgo =
                world.maySplit() && apartMillis >= Durations.millis(world.limits().dedupWindow());
        boolean isOfAnother = entry.caller() != other.caller();
        long apartNanos = isOfAnother ? history.apartNanos(entry, other) : 0;
        boolean isAllowed = isBegunApart(entry.id()) || apartNanos >= windowNanos();
        return !entry.isFolded() && (isLongAgo || isAllowed);
    }

    private boolean isBegunApart(RequestId id) {
        Begun calls = begun.get(id);
        return calls != null && calls.lastNanos - calls.firstNanos > windowNanos() / 2;
    }

    private long windowNanos() {
        return Durations.nanos(world.limits().dedupWindow());
    }

    /**
     * Whether two folds of one request are of two entries of one changelog: there the request was
     * executed twice, and judged where that happened. Any server's copy tells: who applies the fold
     * may not have heard of the second one yet.
     */
    private boolean isTwiceInSource(Entry entry, Entry other) {
        if (!entry.isFolded() || !other.isFolded()) {
            return false;
        }
        SourceMark mark = entry.marks().getFirst();
        SourceMark before = other.marks().getFirst();
        return mark.source() == before.source()
                && !mark.position().equals(before.position())
                && servers.stream()
                        .map(server -> server.hosted(mark.service()))
                        .filter(Objects::nonNull)
                        .map(source -> source.replicas.get(mark.partition()).log())
                        .anyMatch(log -> hasBoth(log, mark, before));
    }

    private static boolean hasBoth(Changelog source, SourceMark mark, SourceMark before) {
        return source.lineage().has(mark.position(), source.endOffset())
                && source.lineage().has(before.position(), source.endOffset());
    }

    private void changed(Hosted hosted, Entry entry) {
        for (Edit edit : entry.edits()) {
            changes.computeIfAbsent(document(hosted, edit), key -> new HashSet<>()).add(entry.id());
        }
    }

    private static String document(Hosted hosted, Edit edit) {
        return hosted.number() + edit.key().top();
    }

    /** How many requests have ever changed the document, on whichever side of a split. */
    public int requestsOf(Hosted hosted, String topLevelKey) {
        return changes.getOrDefault(hosted.number() + topLevelKey, Set.of()).size();
    }

    /**
     * How often one of them was executed anew in one changelog: its caller was forgotten when it
     * came again - cut off for longer than the dedup window, while another repeated it.
     */
    public long timesAnew(Hosted hosted, String topLevelKey) {
        return anew.getOrDefault(hosted.number() + topLevelKey, Set.of()).size();
    }

    /** Whether it was one of those. */
    public boolean isExecutedAnew(RequestId id) {
        return executedAnew.contains(id);
    }

    private void executedAnew(Hosted hosted, Entry entry) {
        for (Edit edit : entry.edits()) {
            anew.computeIfAbsent(document(hosted, edit), key -> new HashSet<>())
                    .add(originOf(entry));
        }
    }

    /** Where the entry was appended first, if a merge brought it. */
    private static LogPosition originOf(Entry entry) {
        return entry.marks().stream()
                .filter(SourceMark::isOfMerge)
                .map(SourceMark::position)
                .findFirst()
                .orElse(entry.position());
    }

    private void executed(Entry entry, Hosted hosted, int partition) {
        History history = history(hosted, partition);
        history.executed.putIfAbsent(entry.id(), entry.position());
        History.Executed request = new History.Executed(entry.id(), entry.digest());
        List<Entry> all = history.byRequest.computeIfAbsent(request, none -> new ArrayList<>(1));
        if (all.stream().noneMatch(each -> each.position().equals(entry.position()))) {
            all.add(entry);
            history.seenNanos.put(entry.position(), world.nowNanos());
            changed(hosted, entry);
        }
        Changelog log = hosted.replicas.get(partition).log();
        boolean mayRepeat = entry.isFolded() && world.maySplit() && isInexact(hosted);
        for (Entry other : all) {
            boolean isOther = !entry.position().equals(other.position());
            if (isOther && log.lineage().has(other.position(), log.endOffset())) {
                if (!mayRepeat
                        && !isForgotten(history, entry, other)
                        && !isTwiceInSource(entry, other)) {
                    throw world.breach("I8 a request is committed once", entry + " and " + other);
                }
                executedAnew(hosted, entry);
                executedAnew.add(entry.id());
            }
        }
        if (unfailed.getOrDefault(entry.id(), 1) == 0) {
            throw world.breach("I9 what was told FAILED is never committed", entry.toString());
        }
    }

    /** I7: what an owner commits is on two servers at that moment, unless its ring has no other. */
    private void committed(Peer owner, Hosted hosted, int partition, Entry entry) {
        promises.committed(owner, hosted, partition, entry);
        int copies = 0;
        int alive = 0;
        for (Peer server : servers) {
            boolean isThere = has(server.hosted(hosted.number()), partition, entry);
            if (isThere || has(server.closed(hosted.number()), partition, entry)) {
                copies++;
                alive += server.isAlive() && isThere ? 1 : 0;
            }
        }
        if (alive >= 2) {
            history(hosted, partition).safe.add(entry.position());
        } else if (copies < 2 && hosted.ring(partition).servers().size() > 1) {
            throw world.breach("I7 what is committed is on two servers", entry + " at " + owner);
        }
    }

    private boolean has(@Nullable Hosted there, int partition, Entry entry) {
        return there != null && has(there.replicas.get(partition), entry);
    }

    /**
     * In the log, or before it where a snapshot brought it, or given up for where it is merged,
     * which only happens after a split.
     */
    private boolean has(Replica replica, Entry entry) {
        return isThere(replica, entry) || (world.maySplit() && isMerged(replica.log(), entry));
    }

    private static boolean isMerged(Changelog log, Entry entry) {
        for (long offset = log.start().offset(); offset < log.endOffset(); offset++) {
            for (SourceMark mark : log.at(offset).marks()) {
                LogPosition until = mark.position();
                boolean isCovered =
                        until.epoch().equals(entry.epoch()) && until.offset() > entry.offset();
                if (mark.isOfMerge() && isCovered) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isThere(Replica replica, Entry entry) {
        boolean isInSnapshot =
                entry.position().offset() <= replica.log().start().offset()
                        && replica.log().lineage().starts().stream()
                                .anyMatch(start -> start.epoch().equals(entry.epoch()));
        return isInSnapshot || replica.log().contains(entry.position());
    }

    /** A write was given up for another side's. */
    void overruled(Key key) {
        overruled.add(key.top());
        if (!world.maySplit()) {
            promises.comesTogether(key);
        }
    }

    /** Somebody was told that changes were left out where the service folds another. */
    void inexact(Hosted target) {
        inexact.add(target.number());
    }

    public boolean isInexact(Hosted target) {
        return inexact.contains(target.number());
    }

    /** Whether somebody was told that a write to the document was given up. */
    public boolean isOverruled(String topLevelKey) {
        return overruled.contains(topLevelKey);
    }

    void discarded(Peer member, Hosted hosted, int partition, LogPosition from, LogPosition to) {
        discardedEntries += to.offset() - from.offset();
        History history = history(hosted, partition);
        for (long offset = from.offset() + 1; offset <= to.offset(); offset++) {
            LogPosition place = new LogPosition(to.epoch(), offset);
            if (history.safe.contains(place) && !world.maySplit()) {
                throw world.breach(
                        "what two servers had is given up only after a split",
                        member + " " + from + ".." + to);
            }
        }
    }

    void owns(Peer member, int service, int partition, Epoch epoch) {
        History history = history(member.required(service), partition);
        Peer owner = history.owners.putIfAbsent(epoch, member);
        if (owner != null && !owner.id().equals(member.id())) {
            throw world.breach("I5 one owner of an epoch", epoch + " " + owner + " and " + member);
        }
    }

    /** A request demands a version of its document. */
    void demanded(RequestId id, Key key, LogPosition version) {
        documents.demand(id, key.top(), version);
    }

    void started(RequestId id) {
        unfailed.merge(id, 1, Integer::sum);
        long now = world.nowNanos();
        begun.merge(id, new Begun(now, now), (first, last) -> first.until(now));
    }

    /**
     * A call has ended: I9, if all calls of its request say that nothing was executed.
     *
     * @param call all of it, as text
     */
    void ended(RequestId id, Outcome outcome, @Nullable Failure failure, String call) {
        world.timeline().trace(id.sequence() * 31L + call.length());
        boolean isForgotten = failure == Failure.DEDUP_EXPIRED;
        if (outcome != Outcome.FAILED || isForgotten) {
            return;
        }
        int left = unfailed.merge(id, -1, Integer::sum);
        LogPosition at = left > 0 ? null : executedAt(id);
        if (at != null) {
            throw world.breach("I9 what was told FAILED is never committed", call + " at " + at);
        }
    }

    private @Nullable LogPosition executedAt(RequestId id) {
        for (History history : histories.values()) {
            LogPosition at = history.executed.get(id);
            if (at != null) {
                return at;
            }
        }
        return null;
    }

    /** Where the request was committed; null if nowhere. */
    public @Nullable LogPosition executedAt(Hosted hosted, int partition, RequestId id) {
        return history(hosted, partition).executed.get(id);
    }

    // ---- where somebody is hostile -------------------------------------------------------------

    /** This member keeps to no rule: whom it sends such a frame tells the listener. */
    public void admit(MemberId hostile, BiConsumer<Peer, InvalidFrameException> listener) {
        strangers.put(hostile, listener);
    }

    /** A frame was found to be one that no honest member sends. */
    void refused(Peer by, MemberId from, InvalidFrameException why) {
        BiConsumer<Peer, InvalidFrameException> listener = strangers.get(from);
        if (listener == null) {
            throw world.breach("an honest member's frames are taken", by + ": " + why);
        }
        listener.accept(by, why);
    }

    /** A service's function threw, which is its own affair. */
    void mergeFailed(String why) {
        if (strangers.isEmpty()) {
            throw world.breach("merge functions of well-behaved services succeed", why);
        }
        world.tell(() -> why);
    }

    private History history(Hosted hosted, int partition) {
        History known = hosted.histories[partition];
        if (known == null) {
            known =
                    histories.computeIfAbsent(
                            new Place(hosted.number(), partition), place -> new History());
            hosted.histories[partition] = known;
        }
        return known;
    }

    private record Place(int service, int partition) {}

    /** When the first and the last call of a request were begun. */
    private record Begun(long firstNanos, long lastNanos) {

        Begun until(long nowNanos) {
            return new Begun(firstNanos, nowNanos);
        }
    }
}
