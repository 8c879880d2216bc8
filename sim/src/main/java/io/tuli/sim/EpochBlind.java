package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A planted fault: nobody looks at epochs. Whoever is fenced promises, whatever it has promised
 * before; a follower appends for any owner and acknowledges to it; nobody minds being stale.
 */
final class EpochBlind implements Tampering {

    private final SimCluster cluster;
    private final Map<Way, Epoch> appended = new HashMap<>();

    EpochBlind(SimCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public @Nullable Frame received(SimMember by, MemberId from, Frame frame) {
        if (frame instanceof Frame.Stale) {
            return null;
        }
        if (frame instanceof Frame.Fence fence) {
            return fenced(by, from, fence);
        }
        if (!(frame instanceof Frame.Append append)) {
            return frame;
        }
        Epoch promised = by.replica(append).epoch();
        appended.put(way(by.id(), from, append), append.epoch());
        return promised.isAfter(append.epoch())
                ? new Frame.Append(
                        append.service(),
                        append.partition(),
                        promised,
                        append.prev(),
                        append.committedEnd(),
                        append.entries())
                : frame;
    }

    private @Nullable Frame fenced(SimMember by, MemberId from, Frame.Fence fence) {
        Replica replica = by.replica(fence);
        if (fence.epoch().isAfter(replica.epoch())) {
            return fence;
        }
        Frame promise =
                new Frame.Promise(
                        fence.service(),
                        fence.partition(),
                        fence.epoch(),
                        replica.log().end(),
                        replica.applied());
        cluster.network().send(by.id(), from, promise);
        return null;
    }

    @Override
    public Frame sent(SimMember from, MemberId to, Frame frame) {
        if (!(frame instanceof Frame.Appended acknowledged)) {
            return frame;
        }
        Epoch epoch = appended.getOrDefault(way(from.id(), to, acknowledged), Epoch.ZERO);
        return new Frame.Appended(
                acknowledged.service(), acknowledged.partition(), epoch, acknowledged.end());
    }

    private static Way way(MemberId follower, MemberId owner, Frame.OfPartition frame) {
        return new Way(follower, owner, frame.service(), frame.partition());
    }

    private record Way(MemberId follower, MemberId owner, int service, int partition) {}
}
