package io.tuli.swarm;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.cluster.Hosted;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import io.tuli.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Frames as a server sends them to those who share a service with it, said by one that does not:
 * well formed, about epochs and places that are those of the moment, or a little beyond. One
 * thread.
 */
final class Lies {

    private static final int KINDS = 18;
    private static final int CALLS_MOST = 4_000;

    private static final Snapshot NOTHING =
            new Snapshot(List.of(), List.of(), List.of(), List.of(), List.of());

    private final MemberId liar;
    private final SplittableRandom random;

    Lies(MemberId liar, SplittableRandom random) {
        this.liar = liar;
        this.random = random;
    }

    /** What to tell a member about a service that it has, or about a call. */
    Frame next(Hosted hosted) {
        int partition = random.nextInt(hosted.spec.partitions());
        Replica replica = hosted.replicas.get(partition);
        int service = hosted.number();
        Epoch epoch = epoch(replica.epoch());
        LogPosition end = replica.log().end();
        LogPosition place = place(epoch, end);
        long ring = random.nextInt(4) == 0 ? random.nextLong() : hosted.ring(partition).hash();
        return switch (random.nextInt(KINDS)) {
            case 0, 1, 2 -> append(service, partition, epoch, end);
            case 3 -> new Frame.Fence(service, partition, epoch, ring);
            case 4 -> new Frame.Promise(service, partition, epoch, place, end);
            case 5 -> new Frame.NotYet(service, partition, epoch, ring);
            case 6 -> new Frame.Stale(service, partition, epoch);
            case 7 -> new Frame.Fetch(service, partition, epoch, end, LogPosition.START);
            case 8 ->
                    new Frame.Fetched(
                            service, partition, epoch, end, place, entries(epoch, end), true);
            case 9 -> new Frame.Follow(service, partition, epoch, end, end, random.nextBoolean());
            case 10 -> new Frame.NotOwner(service, partition, epoch);
            case 11 -> new Frame.Appended(service, partition, epoch, place);
            case 12 -> snapshot(service, partition, epoch, place);
            case 13 -> new Frame.SnapshotTaken(service, partition, epoch, place, 0);
            case 14 -> recall(service, partition, epoch, replica);
            case 15 ->
                    new Frame.Recalled(
                            service,
                            partition,
                            epoch,
                            random.nextLong(end.offset() + 1),
                            end.offset(),
                            true,
                            entries(epoch, end));
            case 16 -> new Frame.Redirect(call(), epoch);
            default -> answer(place);
        };
    }

    /** The member's own, or the next ones: of whoever owns, of the liar, of nobody. */
    private Epoch epoch(Epoch known) {
        int number = known.number() + (random.nextBoolean() ? 0 : 1 + random.nextInt(3));
        return switch (random.nextInt(4)) {
            case 0 -> new Epoch(number, known.owner());
            case 1 -> new Epoch(number, random.nextLong());
            default -> new Epoch(number, liar.incarnation());
        };
    }

    private LogPosition place(Epoch epoch, LogPosition end) {
        long beyond = random.nextBoolean() ? 0 : random.nextInt(5);
        return new LogPosition(random.nextBoolean() ? epoch : end.epoch(), end.offset() + beyond);
    }

    private Frame append(int service, int partition, Epoch epoch, LogPosition end) {
        Entries entries = random.nextInt(4) == 0 ? Entries.NONE : entries(epoch, end);
        return new Frame.Append(
                service, partition, epoch, end, end.offset() + entries.size(), entries);
    }

    private Entries entries(Epoch epoch, LogPosition after) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            RequestId id = new RequestId(random.nextLong(), random.nextInt(1_000));
            Edit edit = Edit.update(Key.of("lie" + random.nextInt(10)), Payload.json("\"lie\""));
            long offset = after.offset() + i;
            entries.add(
                    new Entry(epoch, offset, 0, id, List.of(edit), Payload.json("1"), List.of()));
        }
        return Entries.of(entries);
    }

    private static Frame snapshot(int service, int partition, Epoch epoch, LogPosition at) {
        return new Frame.SnapshotPart(service, partition, epoch, at, 0, true, NOTHING);
    }

    private Frame recall(int service, int partition, Epoch epoch, Replica replica) {
        long end = random.nextLong(replica.log().end().offset() + 1);
        return new Frame.Recall(service, partition, epoch, List.of(), end, 0);
    }

    /** In the name of whoever was asked. */
    private Frame answer(LogPosition at) {
        return switch (random.nextInt(4)) {
            case 0 -> new Frame.Accepted(new long[] {call(), call()});
            case 1 -> new Frame.Unseen(call(), Failure.NOT_FOUND, "a lie");
            default ->
                    new Frame.Result(
                            call(),
                            random.nextBoolean() ? Outcome.OK : Outcome.FAILED,
                            Failure.CONFLICT,
                            "a lie",
                            at,
                            random.nextInt(4),
                            random.nextBoolean(),
                            Payload.json("0"));
        };
    }

    private long call() {
        return random.nextLong(CALLS_MOST);
    }
}
