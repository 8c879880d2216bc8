package io.tuli.planted;

import io.tuli.Edit;
import io.tuli.MemberId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Stored;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;

/** Planted faults of those who keep documents that go by themselves. */
final class ExpiryBugs {

    private static final long RECOMPUTED_MILLIS = 700;

    private ExpiryBugs() {}

    static Tampering losesLifetimesInASnapshot() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.SnapshotPart part ? withoutLifetimes(part) : frame;
            }
        };
    }

    private static Frame withoutLifetimes(Frame.SnapshotPart part) {
        List<StoredRun.Document> all = new ArrayList<>();
        part.content().documents().forEach(run -> all.addAll(run.list()));
        all.replaceAll(
                each -> {
                    Stored stored = each.stored();
                    return new StoredRun.Document(
                            each.key(),
                            new Stored(stored.document(), stored.offset(), stored.time()));
                });
        return FollowerBugs.part(part, List.of(StoredRun.of(all)), part.content().replies());
    }

    /** Each replica works out by itself when a document goes. */
    static Tampering recomputesLifetimes() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.Append append ? recomputed(append) : frame;
            }
        };
    }

    private static Frame recomputed(Frame.Append append) {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : append.entries().list()) {
            entries.add(
                    new Entry(
                            entry.epoch(),
                            entry.offset(),
                            entry.time(),
                            entry.id(),
                            entry.caller(),
                            entry.digest(),
                            entry.edits().stream().map(ExpiryBugs::recomputed).toList(),
                            entry.reply(),
                            entry.marks()));
        }
        return new Frame.Append(
                append.service(),
                append.partition(),
                append.epoch(),
                append.prev(),
                append.committedEnd(),
                Entries.of(entries));
    }

    private static Edit recomputed(Edit edit) {
        return edit.until() == Edit.NEVER ? edit : edit.until(edit.until() + RECOMPUTED_MILLIS);
    }
}
