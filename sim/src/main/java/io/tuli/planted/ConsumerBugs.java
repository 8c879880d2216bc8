package io.tuli.planted;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.log.Extras.Acks;
import io.tuli.log.Extras.Mark;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Snapshot;
import java.util.List;

/** Planted faults in consumers that acknowledge. */
final class ConsumerBugs {

    private ConsumerBugs() {}

    static Tampering acknowledgesWhatIsDelivered() {
        return new Tampering() {
            @Override
            public Input stepped(Input input) {
                return input instanceof Input.ReaderTook took ? took(took, settled(took)) : input;
            }
        };
    }

    private static Acks settled(Input.ReaderTook took) {
        List<Mark> marks =
                took.acks().marks().stream().map(mark -> Mark.settled(mark.entry())).toList();
        return new Acks(marks, took.acks().rejected(), took.acks().discarded());
    }

    private static Input.ReaderTook took(Input.ReaderTook took, Acks acks) {
        return new Input.ReaderTook(
                took.service(),
                took.partition(),
                took.reader(),
                took.places(),
                acks,
                took.isStopped());
    }

    static Tampering passesOverWhatIsNotAcknowledged() {
        return new Tampering() {
            @Override
            public Input stepped(Input input) {
                return input instanceof Input.ReaderTook took ? further(took) : input;
            }
        };
    }

    private static Input further(Input.ReaderTook took) {
        List<LogPosition> settled =
                took.acks().marks().stream().filter(Mark::isSettled).map(Mark::entry).toList();
        return settled.isEmpty()
                ? took
                : new Input.ReaderTook(
                        took.service(),
                        took.partition(),
                        took.reader(),
                        List.of(settled.getLast()),
                        took.acks(),
                        took.isStopped());
    }

    static Tampering losesWhatIsRejectedInASnapshot() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.SnapshotPart part ? without(part) : frame;
            }
        };
    }

    private static Frame without(Frame.SnapshotPart part) {
        Snapshot all = part.content();
        Snapshot others =
                new Snapshot(
                        all.documents(),
                        all.replies(),
                        all.marks(),
                        all.lineage(),
                        all.tail(),
                        all.groups().stream()
                                .map(
                                        group ->
                                                group.with(
                                                        new Acks(
                                                                group.acks().marks(),
                                                                List.of(),
                                                                List.of())))
                                .toList());
        return new Frame.SnapshotPart(
                part.service(),
                part.partition(),
                part.epoch(),
                part.at(),
                part.index(),
                part.last(),
                others);
    }
}
