package io.tuli.planted;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.RequestId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.log.Consumed;
import io.tuli.log.Entries;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Planted faults of those who follow. */
final class FollowerBugs {

    private FollowerBugs() {}

    static Tampering appliesUncommitted() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.Append append
                        ? append(
                                append,
                                append.epoch(),
                                append.prev().offset() + append.entries().size())
                        : frame;
            }
        };
    }

    private static Frame.Append append(Frame.Append append, Epoch epoch, long committedEnd) {
        return new Frame.Append(
                append.service(),
                append.partition(),
                epoch,
                append.prev(),
                committedEnd,
                append.entries());
    }

    static Tampering losesRepliesInASnapshot() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.SnapshotPart part
                        ? part(part, part.content().documents(), List.of())
                        : frame;
            }
        };
    }

    static Tampering losesADocumentInASnapshot() {
        return new Tampering() {
            @Override
            public Frame received(Peer by, MemberId from, Frame frame) {
                if (!(frame instanceof Frame.SnapshotPart part)) {
                    return frame;
                }
                List<StoredRun.Document> all = new ArrayList<>();
                part.content().documents().forEach(run -> all.addAll(run.list()));
                List<StoredRun.Document> fewer = all.subList(0, Math.max(0, all.size() - 1));
                return part(part, List.of(StoredRun.of(fewer)), part.content().replies());
            }
        };
    }

    /** The same part with other documents and replies. */
    static Frame.SnapshotPart part(
            Frame.SnapshotPart part, List<StoredRun> documents, List<Snapshot.Reply> replies) {
        return new Frame.SnapshotPart(
                part.service(),
                part.partition(),
                part.epoch(),
                part.at(),
                part.index(),
                part.last(),
                new Snapshot(
                        documents,
                        replies,
                        part.content().marks(),
                        part.content().lineage(),
                        part.content().tail()));
    }

    static Tampering dropsASideAtAMerge() {
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
                                true,
                                Entries.NONE)
                        : frame;
            }
        };
    }

    static Tampering resumesOneOff() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                if (!(frame instanceof Frame.Follow follow) || follow.end().offset() == 0) {
                    return frame;
                }
                LogPosition end = new LogPosition(follow.end().epoch(), follow.end().offset() + 1);
                return new Frame.Follow(
                        follow.service(),
                        follow.partition(),
                        follow.promised(),
                        end,
                        follow.committed(),
                        follow.counts());
            }
        };
    }

    static Tampering promisesLessThanItHas() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof Frame.Promise promise
                        ? new Frame.Promise(
                                promise.service(),
                                promise.partition(),
                                promise.epoch(),
                                promise.committed(),
                                promise.committed())
                        : frame;
            }
        };
    }

    static Tampering foldsResumeOneOff() {
        return new Tampering() {
            @Override
            public Consumed resumesAfter(Consumed consumed) {
                return Consumed.of(consumed.marks().stream().map(this::oneOff).toList());
            }

            private SourceMark oneOff(SourceMark mark) {
                LogPosition at = mark.position();
                LogPosition next = new LogPosition(at.epoch(), at.offset() + 1);
                return new SourceMark(mark.service(), mark.partition(), next, mark.step());
            }
        };
    }

    static Tampering foldsWhatAMergeBrought() {
        return new Tampering() {
            @Override
            public Consumed resumesAfter(Consumed consumed) {
                List<SourceMark> marks = consumed.marks();
                return Consumed.of(marks.subList(Math.max(0, marks.size() - 1), marks.size()));
            }

            @Override
            public Input stepped(Input input) {
                return input instanceof Input.Folded folded
                        ? new Input.Folded(folded.request(), folded.marks().subList(0, 1))
                        : input;
            }
        };
    }

    /** The same change, of another side of a split, has another name then. */
    private static Frame.Request otherwise(Input.Folded folded) {
        long sequence = 31 * folded.request().id().sequence() + folded.marks().hashCode();
        return folded.request().named(new RequestId(Reserved.FOLDS, sequence));
    }

    static Tampering forgetsWhatItFolded() {
        return new Tampering() {
            @Override
            public Input stepped(Input input) {
                return input instanceof Input.Folded folded
                                && Reserved.isFold(folded.request().id())
                        ? new Input.Folded(otherwise(folded), folded.marks())
                        : input;
            }
        };
    }

    static Tampering watchersMissOne() {
        return new Tampering() {
            private final Set<MemberId> lost = new HashSet<>();

            @Override
            public void linkLost(Peer member) {
                lost.add(member.id());
            }

            @Override
            public boolean isTold(Peer member) {
                return !lost.remove(member.id());
            }
        };
    }
}
