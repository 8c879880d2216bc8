package io.tuli.planted;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.RequestId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Frame;
import java.util.List;

/** Planted faults in what becomes of events. */
final class EventBugs {

    private EventBugs() {}

    static Tampering losesEventsAtAMerge() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Recalled recalled
                        ? new Frame.Recalled(
                                recalled.service(),
                                recalled.partition(),
                                recalled.epoch(),
                                recalled.fork(),
                                recalled.next(),
                                recalled.last(),
                                silent(recalled.entries()))
                        : frame;
            }
        };
    }

    private static Entries silent(Entries entries) {
        return Entries.of(entries.list().stream().map(EventBugs::silent).toList());
    }

    private static Entry silent(Entry entry) {
        return like(entry, entry.id(), entry.marks(), Extras.NONE);
    }

    /** Neither the marks of a merged entry nor its request say where it comes from. */
    static Tampering tellsWhatAMergeBrought() {
        return new Tampering() {
            @Override
            public Entry fed(Entry entry) {
                return isMerged(entry)
                        ? like(entry, another(entry), List.of(), entry.extras())
                        : entry;
            }
        };
    }

    private static boolean isMerged(Entry entry) {
        return entry.marks().stream().anyMatch(SourceMark::isOfMerge);
    }

    static Tampering tellsWhatBothExecuted() {
        return new Tampering() {
            @Override
            public Entry fed(Entry entry) {
                return entry.extras().isNone()
                        ? entry
                        : like(entry, another(entry), entry.marks(), entry.extras());
            }
        };
    }

    /** An id that the same request has in this entry alone. */
    private static RequestId another(Entry entry) {
        LogPosition at = entry.position();
        return new RequestId(entry.id().origin(), 31L * at.hashCode() + entry.id().sequence());
    }

    private static Entry like(Entry entry, RequestId id, List<SourceMark> marks, Extras extras) {
        return new Entry(
                entry.epoch(),
                entry.offset(),
                entry.time(),
                id,
                entry.caller(),
                entry.digest(),
                entry.edits(),
                entry.reply(),
                marks,
                extras);
    }
}
