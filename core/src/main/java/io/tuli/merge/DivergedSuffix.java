package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.log.Documents;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import io.tuli.log.Extras;
import io.tuli.log.Stored;
import io.tuli.machine.CoreContext;
import io.tuli.machine.JoiningEdits;
import io.tuli.machine.MergeBases;
import io.tuli.machine.Partition;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Observer;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What only this member's changelog has, where it has parted from the owner's: the entries after
 * the fork. Where those are trimmed, or a merge function is to see whole documents, it is the
 * documents changed since, each as its last change had left it, those removed, and the requests
 * executed since.
 */
public final class DivergedSuffix {

    private final Partition partition;
    private final Documents documents;
    private final EntryReader reader = new EntryReader();
    private final long fork;
    private final Observer observer;

    public DivergedSuffix(
            Partition partition, CoreContext context, List<LogPosition> lineage, long end) {
        this.partition = partition;
        this.documents = context.documents();
        this.observer = context.effects().observer();
        this.fork = partition.log().lineage().partsFrom(partition.endOffset(), lineage, end);
    }

    public long fork() {
        return fork;
    }

    /** About one frame of it, from an offset on. */
    public Frame.Recalled answer(Frame.Recall recall, int frameBytes) {
        long offset = Math.min(Math.max(fork, recall.from()), partition.endOffset());
        if (offset == fork) {
            tellOfEvents();
        }
        List<Entry> entries = from(offset, frameBytes);
        long next =
                entries.isEmpty()
                        ? partition.endOffset()
                        : entries.get(entries.size() - 1).offset() + 1;
        boolean last = entries.isEmpty() || from(next, 1).isEmpty();
        return new Frame.Recalled(
                partition.service(),
                partition.number(),
                recall.epoch(),
                fork,
                next,
                last,
                Entries.of(entries));
    }

    /** All of it. */
    public List<Entry> all() {
        tellOfEvents();
        return from(fork, Integer.MAX_VALUE);
    }

    /** Events are in entries alone: the other side does not get those of what is trimmed. */
    private void tellOfEvents() {
        LogPosition start = partition.log().start();
        if (fork < start.offset() && partition.eventsEnd() > fork) {
            LogPosition from =
                    fork == 0
                            ? LogPosition.START
                            : new LogPosition(partition.log().lineage().epochAt(fork - 1), fork);
            observer.eventsLost(partition.service(), partition.number(), from, start);
        }
    }

    private List<Entry> from(long offset, int bytesMax) {
        boolean isWhole = fork >= partition.log().start().offset();
        return isWhole && partition.spec().merge() != MergePolicy.FUNCTION
                ? partition.log().slice(offset, partition.endOffset(), bytesMax)
                : firstOf(condensed(offset), bytesMax);
    }

    // ---- where entries do not tell -------------------------------------------------------------

    /**
     * An entry for each request that was executed, and one for each that left documents behind,
     * oldest first; of one place first the request. After each document comes what was counted and
     * collected in it since the fork, as far as that is known, for whoever cannot take it as it is.
     */
    private List<Entry> condensed(long offset) {
        Map<String, Stored> changed = new HashMap<>();
        partition.tombstones().forEach(changed::put);
        partition.state().forEach(changed::put);
        for (long each = partition.committedEnd(); each < partition.endOffset(); each++) {
            Entry entry = partition.log().at(each);
            for (Map.Entry<String, List<Edit>> edited :
                    JoiningEdits.byDocument(entry.edits()).entrySet()) {
                Stored before = changed.get(edited.getKey());
                Payload document = before == null ? Payload.NONE : before.document();
                Payload after = documents.applyAll(document, edited.getValue());
                Edit last = edited.getValue().getLast();
                if (last.kind() == Edit.Kind.EXPIRE) {
                    changed.remove(edited.getKey());
                } else {
                    changed.put(
                            edited.getKey(), new Stored(after, each, entry.time(), last.until()));
                }
            }
        }
        Map<Long, List<Edit>> edits = new TreeMap<>();
        Map<String, MergeBases.Ancestor> bases = partition.basesAt(fork);
        JoiningEdits joining = new JoiningEdits(documents);
        changed.forEach(
                (key, stored) -> {
                    List<Edit> each =
                            edits.computeIfAbsent(stored.offset(), writtenAt -> new ArrayList<>());
                    each.add(edit(Key.of(key), stored.document()).until(stored.until()));
                    MergeBases.Ancestor ancestor = bases.get(key);
                    if (ancestor != null && partition.spec().merge() != MergePolicy.FUNCTION) {
                        each.addAll(joining.since(ancestor, stored.document()));
                    }
                });
        Map<Long, Long> times = new HashMap<>();
        changed.values().forEach(stored -> times.put(stored.offset(), stored.time()));
        List<Entry> entries = new ArrayList<>();
        for (Snapshot.Reply reply : partition.dedup().before(Long.MAX_VALUE)) {
            if (!Reserved.isFold(reply.id())) {
                entries.add(executed(reply));
            }
        }
        edits.forEach(
                (writtenAt, each) ->
                        entries.add(
                                new Entry(
                                        partition.log().lineage().epochAt(writtenAt),
                                        writtenAt,
                                        times.getOrDefault(writtenAt, 0L),
                                        RequestId.NONE,
                                        each,
                                        Payload.NONE,
                                        List.of())));
        entries.removeIf(entry -> entry.offset() < offset);
        entries.sort(Comparator.comparingLong(Entry::offset));
        return entries;
    }

    private static Edit edit(Key key, Payload document) {
        return document.isNone() ? Edit.remove(key) : Edit.update(key, document);
    }

    private Entry executed(Snapshot.Reply reply) {
        return new Entry(
                partition.log().lineage().epochAt(reply.offset()),
                reply.offset(),
                reply.time(),
                reply.id(),
                reply.caller(),
                reply.digest(),
                List.of(),
                reply.reply(),
                List.of(),
                events(reply.offset()));
    }

    /** What the request told, as long as its entry is there. */
    private Extras events(long offset) {
        if (offset < partition.log().start().offset() || offset >= partition.endOffset()) {
            return Extras.NONE;
        }
        partition.log().read(offset, reader);
        if (reader.events() == 0) {
            return Extras.NONE;
        }
        Extras extras = reader.extras();
        return Extras.of(extras.key(), extras.events());
    }

    /** As many as fit, but never some of those of one place without the others. */
    private static List<Entry> firstOf(List<Entry> entries, int bytesMax) {
        long bytes = 0;
        int count = 0;
        while (count < entries.size()) {
            boolean isNextPlace =
                    count > 0 && entries.get(count).offset() != entries.get(count - 1).offset();
            if (bytes >= bytesMax && isNextPlace) {
                break;
            }
            bytes += entries.get(count++).sizeBytes();
        }
        return entries.subList(0, count);
    }
}
