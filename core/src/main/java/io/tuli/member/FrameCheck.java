package io.tuli.member;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.RequestId;
import io.tuli.log.Consumed;
import io.tuli.log.Entries;
import io.tuli.log.EntryReader;
import io.tuli.log.Extras;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Reserved;
import io.tuli.replica.Replica;
import java.util.List;

/**
 * What holds of every frame an honest member sends about a partition, looked at before the
 * partition hears of it: numbers that could not be counted on from, entries that do not follow each
 * other. One thread.
 */
final class FrameCheck {

    /** How far entries are counted; no changelog comes near it. */
    private static final long OFFSET_MAX = 1L << 60;

    private final EntryReader reader = new EntryReader();

    /**
     * Looks at a frame.
     *
     * @throws InvalidFrameException when it cannot be taken
     */
    void require(Frame.OfPartition frame) {
        switch (frame) {
            case Frame.Request request -> {}
            case Frame.Append append -> {
                requireEpoch(append.epoch());
                requireOffset(append.prev().offset());
            }
            case Frame.Appended appended -> requireEpoch(appended.epoch());
            case Frame.Fence fence -> requireEpoch(fence.epoch());
            case Frame.NotYet notYet -> requireEpoch(notYet.epoch());
            case Frame.Stale stale -> requireEpoch(stale.promised());
            case Frame.NotOwner notOwner -> requireEpoch(notOwner.promised());
            case Frame.Follow follow -> follow(follow);
            case Frame.Fetch fetch -> requireEpoch(fetch.epoch());
            case Frame.SnapshotTaken taken -> requireEpoch(taken.epoch());
            case Frame.Promise promise -> {
                requireEpoch(promise.epoch());
                requirePosition(promise.end());
                requirePosition(promise.committed());
            }
            case Frame.Fetched fetched -> fetched(fetched);
            case Frame.SnapshotPart part -> part(part);
            case Frame.Recall recall -> {
                requireEpoch(recall.epoch());
                requireLineage(recall.lineage(), recall.epoch());
            }
            case Frame.Recalled recalled -> requireEpoch(recalled.epoch());
            case Frame.Unfollow unfollow -> requireEpoch(unfollow.epoch());
            case Frame.Sync sync -> {
                requireEpoch(sync.epoch());
                requireOffset(sync.end());
            }
            case Frame.Synced synced -> {
                requireEpoch(synced.epoch());
                requirePosition(synced.end());
            }
            case GroupFrame.Claim claim -> claim(claim);
            case GroupFrame.Grant grant -> {
                requireEpoch(grant.epoch());
                requireOffset(grant.offset());
                grant.places().forEach(FrameCheck::requirePosition);
                acks(grant.acks());
            }
            case GroupFrame.Revoke revoke -> requireEpoch(revoke.epoch());
            case GroupFrame.Took took -> {
                requireEpoch(took.epoch());
                took.places().forEach(FrameCheck::requirePosition);
                acks(took.acks());
            }
        }
    }

    /**
     * Whether an id is none the sender may use: a number counted by another, or a fold's. Requests
     * come straight from their callers: who is told of another owner asks there itself.
     */
    static boolean isForeign(RequestId id, MemberId from) {
        return id.origin() != from.incarnation() && (id.isNumbered() || Reserved.isFold(id));
    }

    /** Why a request is refused whose key belongs elsewhere. */
    static String misplaced(Frame.Request request) {
        return "all members must place the keys of a service alike: key="
                + request.key()
                + " does not belong to partition="
                + request.partition();
    }

    /** Why a request is refused whose partition is none. */
    static String absent(Frame.Request request) {
        return "a service has as many partitions as its servers say: there is no "
                + request.partition();
    }

    private static void requireEpoch(Epoch epoch) {
        InvalidFrameException.require(
                epoch.number() <= Replica.EPOCH_NUMBER_MAX,
                "an epoch's number must be <= " + Replica.EPOCH_NUMBER_MAX,
                epoch.number());
    }

    private static void requirePosition(LogPosition position) {
        requireEpoch(position.epoch());
        requireOffset(position.offset());
    }

    private static void requireOffset(long offset) {
        InvalidFrameException.require(
                offset <= OFFSET_MAX, "an offset must be <= " + OFFSET_MAX, offset);
    }

    private static void requireWithin(Epoch epoch, Epoch of) {
        InvalidFrameException.require(
                !epoch.isAfter(of), "what is told in an epoch is not of a later one, " + of, epoch);
    }

    private static void follow(Frame.Follow follow) {
        requireEpoch(follow.promised());
        requirePosition(follow.end());
        requirePosition(follow.committed());
    }

    private static void acks(Extras.Acks acks) {
        acks.marks().forEach(mark -> requirePosition(mark.entry()));
        acks.rejected().forEach(rejected -> requirePosition(rejected.at()));
        acks.discarded().forEach(FrameCheck::requirePosition);
    }

    private static void claim(GroupFrame.Claim claim) {
        requireEpoch(claim.epoch());
        requirePosition(claim.released());
        claim.places().forEach(FrameCheck::requirePosition);
        acks(claim.acks());
        int length = claim.group().length();
        InvalidFrameException.require(
                length > 0 && length <= GroupPlace.NAME_BYTES_MAX,
                "a group's name has 1..64 bytes",
                length);
        InvalidFrameException.require(
                claim.places().size() <= Consumed.EPOCHS_MAX,
                "what is consumed has 0..8 places",
                claim.places().size());
    }

    private void fetched(Frame.Fetched fetched) {
        requireEpoch(fetched.epoch());
        requirePosition(fetched.prev());
        requireInOrder(fetched.entries(), fetched.prev(), fetched.epoch());
    }

    /** Whether entries follow a place, and each other, and none is of a later epoch. */
    private void requireInOrder(Entries entries, LogPosition prev, Epoch until) {
        LogPosition position = prev;
        for (int i = 0; i < entries.size(); i++) {
            entries.read(i, reader);
            requireOffset(reader.offset());
            boolean isNext =
                    reader.offset() == position.offset()
                            && !position.epoch().isAfter(reader.epoch());
            InvalidFrameException.require(isNext, "entries follow each other", reader.offset());
            requireWithin(reader.epoch(), until);
            position = new LogPosition(reader.epoch(), position.offset() + 1);
        }
    }

    private void part(Frame.SnapshotPart part) {
        requireEpoch(part.epoch());
        requirePosition(part.at());
        requireWithin(part.at().epoch(), part.epoch());
        requireLineage(part.content().lineage(), part.epoch());
        for (Entries piece : part.content().tail()) {
            if (!piece.isEmpty()) {
                piece.read(0, reader);
                requireOffset(reader.offset());
                requireInOrder(
                        piece, new LogPosition(reader.epoch(), reader.offset()), part.epoch());
            }
        }
    }

    private static void requireLineage(List<LogPosition> lineage, Epoch until) {
        for (LogPosition start : lineage) {
            requirePosition(start);
            requireWithin(start.epoch(), until);
        }
    }
}
