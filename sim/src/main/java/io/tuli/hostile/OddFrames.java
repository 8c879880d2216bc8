package io.tuli.hostile;

import io.tuli.Change;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.log.Entries;
import io.tuli.log.Extras;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Frames that a client may send though none of ours does: about calls nobody made, with numbers
 * that nobody counts to, and of epochs that no server knows. One thread.
 */
public final class OddFrames {

    private final SplittableRandom random;

    public OddFrames(SplittableRandom random) {
        this.random = random;
    }

    /**
     * A frame about a partition, or a call.
     *
     * @param at where the partition's changelog ends for the one who sends it
     */
    public Frame next(int service, int partition, LogPosition at) {
        Epoch epoch = odd(at.epoch());
        LogPosition place = new LogPosition(epoch, number());
        return switch (random.nextInt(26)) {
            case 0 -> new Frame.Follow(service, partition, epoch, place, place, flag());
            case 1 -> new Frame.Follow(service, partition, at.epoch(), beyond(at), at, flag());
            case 2 -> new Frame.Appended(service, partition, epoch, place);
            case 3 -> new Frame.Appended(service, partition, at.epoch(), beyond(at));
            case 4 -> new Frame.SnapshotTaken(service, partition, at.epoch(), at, index());
            case 5 -> new Frame.SnapshotTaken(service, partition, epoch, place, index());
            case 6 -> new Frame.Stale(service, partition, epoch);
            case 7 -> new Frame.NotOwner(service, partition, epoch);
            case 8 -> new Frame.Fence(service, partition, epoch, random.nextLong());
            case 9 -> new Frame.Promise(service, partition, epoch, place, place);
            case 10 -> new Frame.Fetch(service, partition, epoch, place, place);
            case 11 ->
                    new Frame.Fetched(service, partition, epoch, place, place, Entries.NONE, true);
            case 12 -> new Frame.Recall(service, partition, epoch, List.of(place), number(), 0);
            case 13 -> new Frame.Append(service, partition, epoch, place, number(), Entries.NONE);
            case 14 -> new Frame.Follow(random.nextInt(), index(), at.epoch(), at, at, flag());
            case 15 -> new Frame.Accepted(new long[] {number(), number(), 0});
            case 16 ->
                    new Frame.Result(
                            number(),
                            Outcome.FAILED,
                            Failure.CONFLICT,
                            "odd",
                            place,
                            index(),
                            flag(),
                            Payload.NONE);
            case 17 -> new Frame.Redirect(number(), epoch);
            case 18 -> new Frame.Cancel(number());
            case 19 -> new Frame.Unfollow(service, partition, at.epoch());
            case 20, 21, 22 -> ofGroup(service, partition, at, epoch);
            default -> ahead(service, partition, at);
        };
    }

    private Frame ofGroup(int service, int partition, LogPosition at, Epoch odd) {
        LogPosition place = new LogPosition(odd, number());
        return switch (random.nextInt(3)) {
            case 0 ->
                    new GroupFrame.Claim(
                            service,
                            partition,
                            flag() ? odd : at.epoch(),
                            Math.abs(number()),
                            "odd" + random.nextInt(20),
                            flag() ? place : at,
                            flag(),
                            List.of(at, beyond(at)),
                            odd(at));
            case 1 ->
                    new GroupFrame.Took(
                            service,
                            partition,
                            at.epoch(),
                            number(),
                            number(),
                            List.of(place),
                            odd(place));
            default ->
                    new GroupFrame.Grant(
                            service,
                            partition,
                            at.epoch(),
                            1,
                            "odd",
                            number(),
                            List.of(at),
                            odd(at));
        };
    }

    /** What nobody has done. */
    private Extras.Acks odd(LogPosition at) {
        LogPosition next = new LogPosition(at.epoch(), Math.max(0, at.offset() + 1));
        Extras.Rejected rejected =
                new Extras.Rejected(
                        flag() ? at : next,
                        index(),
                        0,
                        0,
                        "odd",
                        Change.Kind.RESET,
                        Key.NONE,
                        "",
                        Payload.NONE);
        return flag()
                ? Extras.Acks.NONE
                : new Extras.Acks(
                        List.of(Extras.Mark.settled(at), new Extras.Mark(next, 3, 1, 1)),
                        List.of(rejected),
                        List.of(at, next));
    }

    /** What a client may have seen: epochs of another side of a split, or of before. */
    private Frame ahead(int service, int partition, LogPosition at) {
        int number = at.epoch().number() + 1 + random.nextInt(1 << 20);
        Epoch epoch = new Epoch(number, flag() ? at.epoch().owner() : random.nextLong());
        LogPosition place = new LogPosition(epoch, at.offset() + random.nextInt(100));
        return flag()
                ? new Frame.Follow(service, partition, epoch, place, place, false)
                : new Frame.Follow(service, partition, epoch, at, at, false);
    }

    /** One that nobody reaches. */
    private Epoch odd(Epoch known) {
        int number = Integer.MAX_VALUE - random.nextInt(3);
        return new Epoch(number, random.nextBoolean() ? known.owner() : random.nextLong());
    }

    private LogPosition beyond(LogPosition at) {
        return new LogPosition(at.epoch(), at.offset() + 1 + random.nextInt(1_000_000));
    }

    private long number() {
        return random.nextBoolean() ? Long.MAX_VALUE - random.nextInt(3) : random.nextLong(1 << 20);
    }

    private int index() {
        return random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(1 << 20);
    }

    private boolean flag() {
        return random.nextBoolean();
    }
}
