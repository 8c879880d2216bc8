package io.tuli.fold;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MeshEvent;
import io.tuli.feed.FeedHub;
import io.tuli.log.Consumed;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One service's changes on their way into another, for the target partitions owned here. On the
 * fold's thread alone; {@link FoldRunner} has the thread.
 *
 * <p>Exactly once is the core's doing: an entry of the target stores the marks of the source change
 * it stems from, and a message any of whose marks is consumed is dropped. What is to be ensured
 * here is that nothing is left out: for each pair of source and target partition messages are
 * posted in order and without a gap, from what the new owner finds consumed; and a watermark is
 * posted only when all messages before it have been applied. Where the source's changelog turns out
 * to be another one, after a split, it is read again from where that parted.
 */
final class Folding {

    private static final int READING_MAX = 32;
    private static final int UNMARKED_ENTRIES_MAX = 512;
    private static final int UNMARKED_BYTES_MAX = 128 << 10;

    private static final String CONDENSED =
            "a side of a split tells single changes as far as its changelog reaches back, and only"
                    + " without a merge function: a document counts as one change";
    private static final String BEGUN_ANEW =
            "all servers of the source were restarted: it is folded from its new beginning, and"
                    + " what was not folded of before is gone";
    private static final String FORGOTTEN =
            "what has been consumed is known of the source's latest epochs: a change of an earlier"
                    + " one is left out";

    private final FeedHub hub;
    private final FoldConfig config;
    private final FoldMessages messages;
    private final FoldOutbox outbox;
    private final FoldMail mail;
    private final SourcePartition[] sources;
    private final Map<Integer, TargetPartition> targets = new HashMap<>();
    private final BitSet open = new BitSet();
    private final ArrayDeque<SourcePartition> ready = new ArrayDeque<>();
    private int reading;

    Folding(
            FeedHub hub,
            FoldMessages messages,
            FoldConfig config,
            FoldOutbox outbox,
            FoldMail mail) {
        this.hub = hub;
        this.config = config;
        this.outbox = outbox;
        this.mail = mail;
        this.messages = messages;
        this.sources = new SourcePartition[hub.source().partitions()];
        for (int p = 0; p < sources.length; p++) {
            sources[p] = new SourcePartition(p, messages.target().partitions());
        }
    }

    // ---- what loops tell -----------------------------------------------------------------------

    /** This member owns a target partition now, which has consumed so much of each source. */
    void gained(TargetPartition target, List<Consumed> bySource) {
        for (SourcePartition source : sources) {
            source.gained(target.number, bySource.get(source.number));
        }
        targets.put(target.number, target);
        open.set(target.number);
        wantAll();
    }

    void lost(int target) {
        open.clear(target);
        targets.remove(target);
        for (SourcePartition source : sources) {
            source.lost(target);
        }
    }

    /** Entries of owned target partitions moved these marks. */
    void applied(List<FoldMail.Applied> all) {
        for (FoldMail.Applied applied : all) {
            TargetPartition target = targets.get(applied.partition());
            if (target != null) {
                target.applied(applied.mark());
                boolean hasRoom = target.inFlight() <= config.inFlightMax() / 2;
                if (hasRoom && !open.get(target.number)) {
                    open.set(target.number);
                    wantAll();
                }
            }
        }
    }

    void progressed(int partition) {
        want(sources[partition]);
    }

    private void wantAll() {
        for (SourcePartition source : sources) {
            want(source);
        }
    }

    private void want(SourcePartition source) {
        if (!source.isWanted) {
            source.isWanted = true;
            if (!source.isReading) {
                ready.add(source);
            }
        }
    }

    // ---- reading the source --------------------------------------------------------------------

    /** Asks loops for what is wanted, as far as there is room for answers. */
    void read() {
        Map<Integer, List<Runnable>> byLoop = new HashMap<>();
        while (reading < READING_MAX && !ready.isEmpty()) {
            SourcePartition source = ready.remove();
            source.isWanted = false;
            LogPosition place = source.hindmost(open);
            if (place != null) {
                source.isReading = true;
                reading++;
                byLoop.computeIfAbsent(
                                hub.source().loopOf(source.number), loop -> new ArrayList<>())
                        .add(() -> answer(source.number, place));
            }
        }
        byLoop.forEach(
                (loop, tasks) -> hub.source().execute(loop, () -> tasks.forEach(Runnable::run)));
    }

    /** On the source partition's loop. */
    private void answer(int partition, LogPosition place) {
        SourceSlice slice = SourceSlice.read(hub, partition, place);
        mail.add(() -> answered(partition, place, slice));
    }

    private void answered(int partition, LogPosition place, SourceSlice slice) {
        SourcePartition source = sources[partition];
        source.isReading = false;
        reading--;
        if (source.isWanted) {
            ready.add(source);
        }
        switch (slice) {
            case SourceSlice.Nothing nothing -> {
                if (hasMoved(source, nothing.epochs(), nothing.end())) {
                    want(source);
                }
            }
            case SourceSlice.Elsewhere elsewhere -> {
                boolean unused = hasMoved(source, elsewhere.epochs(), elsewhere.end());
                goOnFrom(source, place, elsewhere.start());
                want(source);
            }
            case SourceSlice.Entries entries -> {
                boolean unused = hasMoved(source, entries.epochs(), entries.end());
                fold(source, place, entries.entries());
                want(source);
            }
        }
    }

    /**
     * Notes what the source's changelog is by now; whether that moved anybody. A target partition
     * whose source has begun anew is told so before it is given any of it: it takes low epochs for
     * old ones.
     */
    private boolean hasMoved(SourcePartition source, List<LogPosition> epochs, LogPosition end) {
        boolean hasMoved = source.read(epochs, end);
        BitSet begunAnew = source.takeBegunAnew();
        for (int t = begunAnew.nextSetBit(0); t >= 0; t = begunAnew.nextSetBit(t + 1)) {
            TargetPartition target = targets.get(t);
            if (target != null) {
                List<SourceMark> marks = List.of(source.beginning(messages.source()));
                outbox.add(target, new Input.Consumed(messages.target().number(), t, marks));
                source.posted(t, marks);
                tell(source, marks.getFirst().position().epoch(), BEGUN_ANEW);
            }
        }
        outbox.flush();
        return hasMoved;
    }

    private void goOnFrom(SourcePartition source, LogPosition place, LogPosition start) {
        if (!source.beginsAt(start) || start.equals(source.startTold)) {
            return;
        }
        source.startTold = start;
        tell(
                source,
                "the source's changelog must reach back to what has been consumed",
                " consumed=" + place + " changelogStart=" + start + "; goes on from there");
    }

    /** Once for each epoch of the source. */
    private void tell(SourcePartition source, Epoch epoch, String rule) {
        if (!epoch.equals(source.epochTold)) {
            source.epochTold = epoch;
            tell(source, rule, " epoch=" + epoch);
        }
    }

    private void tell(SourcePartition source, String rule, String facts) {
        String where = ": source=" + hub.source().service() + "/" + source.number;
        String text = "cannot fold exactly: " + rule + where + facts;
        String target = messages.target().name();
        config.events().accept(MeshEvent.of(MeshEvent.Kind.FOLD_INEXACT, text).service(target));
    }

    private void fold(SourcePartition source, LogPosition from, List<Entry> entries) {
        BitSet moving = source.at(from, open);
        long stop = source.nextStand(from, open);
        LogPosition place = from;
        for (Entry entry : entries) {
            if (moving.isEmpty() || entry.offset() >= stop) {
                break;
            }
            List<FoldMessages.Folded> folded = messages.of(source.number, entry);
            if (folded == null) {
                return;
            }
            place = entry.position();
            if (entry.isCondensed() && !folded.isEmpty()) {
                tell(source, entry.epoch(), CONDENSED);
            }
            post(source, folded, moving);
            stayBehind(source, place, moving);
            source.entriesUnmarked++;
            source.bytesUnmarked += entry.sizeBytes();
        }
        source.move(moving, place);
        if (source.entriesUnmarked >= UNMARKED_ENTRIES_MAX
                || source.bytesUnmarked >= UNMARKED_BYTES_MAX) {
            mark(List.of(source));
        }
        outbox.flush();
    }

    private void post(SourcePartition source, List<FoldMessages.Folded> all, BitSet moving) {
        for (FoldMessages.Folded folded : all) {
            TargetPartition target = targets.get(folded.request().partition());
            if (target == null || !moving.get(target.number)) {
                continue;
            }
            if (source.isForgotten(target.number, folded.marks())) {
                tell(source, folded.marks().getFirst().position().epoch(), FORGOTTEN);
            } else if (source.isNew(target.number, folded.marks())) {
                boolean mayRepeat = source.hasParted(target.number);
                Frame.Request request = folded.request();
                outbox.add(
                        target,
                        new Input.Folded(mayRepeat ? request.repeated() : request, folded.marks()));
                source.posted(target.number, folded.marks());
                target.posted(folded.marks().getFirst());
                if (target.inFlight() >= config.inFlightMax()) {
                    open.clear(target.number);
                }
            }
        }
    }

    /** Targets that are full now move no further. */
    private void stayBehind(SourcePartition source, LogPosition place, BitSet moving) {
        for (int t = moving.nextSetBit(0); t >= 0; t = moving.nextSetBit(t + 1)) {
            if (!open.get(t)) {
                moving.clear(t);
                source.move(t, place);
            }
        }
    }

    // ---- watermarks ----------------------------------------------------------------------------

    /** Whether something was looked at since watermarks were last written. */
    boolean hasUnmarked() {
        for (SourcePartition source : sources) {
            if (source.entriesUnmarked > 0) {
                return true;
            }
        }
        return false;
    }

    void markAll() {
        mark(List.of(sources));
        outbox.flush();
    }

    private void mark(List<SourcePartition> those) {
        for (SourcePartition source : those) {
            source.entriesUnmarked = 0;
            source.bytesUnmarked = 0;
        }
        for (TargetPartition target : targets.values()) {
            List<SourceMark> marks = new ArrayList<>();
            for (SourcePartition source : those) {
                SourceMark mark = watermark(source, target);
                if (mark != null) {
                    marks.add(mark);
                    source.posted(target.number, List.of(mark));
                }
            }
            if (!marks.isEmpty()) {
                outbox.add(
                        target,
                        new Input.Consumed(
                                messages.target().number(), target.number, List.copyOf(marks)));
            }
        }
    }

    private @Nullable SourceMark watermark(SourcePartition source, TargetPartition target) {
        SourceMark mark = source.unmarked(messages.source(), target.number);
        if (mark != null && target.hasInFlight(source.number)) {
            source.entriesUnmarked++;
            return null;
        }
        return mark;
    }
}
