package io.tuli.planted;

import io.tuli.cluster.Tampering;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Faults of members that keep what they have on disk. */
final class DiskBugs {

    private DiskBugs() {}

    static Tampering tellsWhatIsNotKept() {
        return new Tampering() {
            @Override
            public boolean isKeptAtOnce() {
                return true;
            }
        };
    }

    static Tampering keepsNoPromise() {
        return new Tampering() {
            @Override
            public Frame.@Nullable OfPartition kept(Frame.OfPartition record) {
                return record instanceof Frame.Promise ? null : record;
            }
        };
    }

    static Tampering keepsNoReplies() {
        return new Tampering() {
            @Override
            public Frame.OfPartition kept(Frame.OfPartition record) {
                return record instanceof Frame.SnapshotPart part ? withoutReplies(part) : record;
            }
        };
    }

    private static Frame.SnapshotPart withoutReplies(Frame.SnapshotPart part) {
        Snapshot content = part.content();
        return new Frame.SnapshotPart(
                part.service(),
                part.partition(),
                part.epoch(),
                part.at(),
                part.index(),
                part.last(),
                new Snapshot(
                        content.documents(),
                        List.of(),
                        content.marks(),
                        content.lineage(),
                        content.tail()));
    }
}
