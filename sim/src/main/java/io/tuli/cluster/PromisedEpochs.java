package io.tuli.cluster;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Receipt;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.outage.SimDisk;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What servers promise, and what they say that they have. I6: a promise never goes back. I13:
 * servers mint epochs, one above those that servers knew, whatever a client says. Where a service
 * is kept, I10: nothing is told that is not kept; I14: what is recovered is what was kept, promises
 * too; I15: after the power went, and with at most one disk lost, everything that had been
 * committed with two copies is in whatever is committed next. I16, that no request is executed
 * twice nor one that was told FAILED, is I8 and I9: they remember all lives. I17: as many disks as
 * a receipt says have had it, and as many as were asked for. One thread.
 */
final class PromisedEpochs {

    /** So many may be minted in one step: candidates outbid each other. */
    private static final int IN_A_STEP_MOST = 16;

    private final World world;
    private final Map<Long, Integer> highest = new HashMap<>();

    /** What two disks had of each partition when the power went the last time. */
    private final Map<Long, LogPosition> outlived = new HashMap<>();

    private boolean isAnybodyBack;

    PromisedEpochs(World world) {
        this.world = world;
    }

    void check(Peer member, Hosted hosted, int partition, Epoch epoch) {
        Epoch before = hosted.promises[partition];
        if (epoch.equals(before)) {
            return;
        }
        hosted.promises[partition] = epoch;
        if (!hosted.spec.isServed()) {
            return; // It has no vote, and may begin anew.
        }
        String facts = before + " then " + epoch + " at " + member;
        if (before.isAfter(epoch)) {
            throw world.breach("I6 a promise never goes back", facts);
        }
        long place = ((long) hosted.number() << Integer.SIZE) | partition;
        int known = highest.getOrDefault(place, 0);
        if (epoch.number() > known + IN_A_STEP_MOST) {
            throw world.breach("I13 servers alone mint epochs", facts + " known " + known);
        }
        highest.put(place, Math.max(known, epoch.number()));
    }

    /** I10: what a member says that it has would be there after a crash. */
    void told(Peer from, Frame frame) {
        LogPosition end =
                switch (frame) {
                    case Frame.Appended appended -> appended.end();
                    case Frame.Promise promise -> promise.end();
                    case Frame.Follow follow -> follow.end();
                    default -> null;
                };
        if (end == null || !(frame instanceof Frame.OfPartition about) || !from.isServer()) {
            return;
        }
        Hosted hosted = from.hosted(about.service());
        if (hosted == null || !hosted.spec.isKept()) {
            return;
        }
        SimDisk disk = world.disk(from.id().node());
        boolean isKept = disk.has(about.service(), about.partition(), end);
        Epoch promised = disk.promised(about.service(), about.partition());
        boolean isPromised =
                !(frame instanceof Frame.Promise promise) || !promise.epoch().isAfter(promised);
        if (!isKept || !isPromised) {
            throw world.breach(
                    "I10 nothing is told that is not kept",
                    frame
                            + " by "
                            + from
                            + " end="
                            + disk.end(about.service(), about.partition())
                            + " promised="
                            + promised);
        }
    }

    /**
     * A write is given up for another, without a split: only what one alone had on disk, and came
     * back with, may meet what others did meanwhile.
     */
    void comesTogether(Key key) {
        if (!isAnybodyBack) {
            throw world.breach("writes are overruled only after a split", key.toString());
        }
        world.splits();
    }

    /** I14: of what was kept nothing is missing, and nothing else is there. */
    void recovered(Peer member, Hosted hosted, int partition) {
        SimDisk disk = world.disk(member.id().node());
        Replica replica = hosted.replicas.get(partition);
        LogPosition end = disk.end(hosted.number(), partition);
        Epoch promised = disk.promised(hosted.number(), partition);
        if (!replica.log().end().equals(end)) {
            throw world.breach(
                    "I14 what is recovered is what was kept",
                    replica.report() + " kept " + end + " at " + member);
        }
        if (promised.isAfter(replica.epoch())) {
            throw world.breach(
                    "I14 no promise is forgotten",
                    replica.epoch() + " promised " + promised + " at " + member);
        }
        isAnybodyBack |= end.offset() > 0;
        LogPosition applied = replica.applied();
        world.invariants().reset(member, hosted, partition, applied);
        hosted.reached[partition] = applied;
    }

    /** I17: a receipt counts disks that have it for good, and as many as were asked for. */
    void receipt(int service, Commit asked, Receipt receipt, Peer caller) {
        if (receipt.partition() < 0) {
            return;
        }
        long disks = world.disksWith(service, receipt.partition(), receipt.position());
        if (receipt.disks() > disks || asked.disks() > receipt.disks()) {
            throw world.breach(
                    "I17 an OK counts disks that have it for good",
                    receipt + " asked=" + asked + " disks=" + disks + " told " + caller);
        }
    }

    // ---- after the power went ------------------------------------------------------------------

    /** All of these end now; what two of them had on disk is not to be lost. */
    void powerGoes(List<? extends Peer> all) {
        for (Hosted hosted : all.getFirst().services()) {
            for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
                if (hosted.spec.isKept()) {
                    LogPosition twice = twice(all, hosted, partition);
                    outlived.merge(
                            place(hosted, partition),
                            twice,
                            (one, other) -> one.compareTo(other) >= 0 ? one : other);
                }
            }
        }
    }

    /** The latest of what anybody knows to be committed that is on two disks. */
    private LogPosition twice(List<? extends Peer> all, Hosted hosted, int partition) {
        LogPosition twice = LogPosition.START;
        for (Peer member : all) {
            Hosted there = member.hosted(hosted.number());
            LogPosition applied =
                    there == null ? LogPosition.START : there.replicas.get(partition).applied();
            long disks =
                    all.stream()
                            .map(each -> world.disk(each.id().node()))
                            .filter(disk -> disk.has(hosted.number(), partition, applied))
                            .count();
            twice = disks >= 2 && applied.compareTo(twice) > 0 ? applied : twice;
        }
        return twice;
    }

    private static long place(Hosted hosted, int partition) {
        return ((long) hosted.number() << Integer.SIZE) | partition;
    }

    /** An owner has committed an entry. */
    void committed(Peer owner, Hosted hosted, int partition, Entry entry) {
        LogPosition had = outlived.get(place(hosted, partition));
        if (had == null || had.offset() == 0 || world.maySplit()) {
            return;
        }
        Changelog log = hosted.replicas.get(partition).log();
        if (!log.lineage().has(had, log.endOffset())) {
            throw world.breach(
                    "I15 what two disks had is there after a restart",
                    had + " is not before " + entry + " at " + owner);
        }
    }
}
