package io.tuli.planted;

import io.tuli.Epoch;
import io.tuli.MemberId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.cluster.World;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.replica.Replica;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A planted fault: nobody looks at epochs. Whoever is fenced promises, whatever it has promised
 * before, and an owner owns on; a follower appends for any owner and acknowledges to it; nobody
 * minds being stale.
 */
final class EpochBlind implements Tampering {

    private final World world;
    private final Map<Way, Said> appended = new HashMap<>();

    EpochBlind(World world) {
        this.world = world;
    }

    @Override
    public @Nullable Frame received(Peer by, MemberId from, Frame frame) {
        if (frame instanceof Frame.Stale) {
            return null;
        }
        if (frame instanceof Frame.Fence fence) {
            return fenced(by, from, fence);
        }
        if (!(frame instanceof Frame.Append append)) {
            return frame;
        }
        appended.put(way(by.id(), append), new Said(from, append.epoch()));
        return heard(by, append, by.replica(append).epoch());
    }

    /**
     * A replica hears nobody but the owner of the epoch it promised, so it hears that one say what
     * an older owner said.
     */
    private @Nullable Frame heard(Peer by, Frame.Append append, Epoch promised) {
        if (!promised.isAfter(append.epoch())) {
            return append;
        }
        for (Peer owner : world.living()) {
            if (owner.id().incarnation() == promised.owner()) {
                by.step(
                        by.loopOf(append),
                        new Input.Received(owner.id(), inEpoch(promised, append)));
                return null;
            }
        }
        return append;
    }

    private static Frame.Append inEpoch(Epoch epoch, Frame.Append append) {
        return new Frame.Append(
                append.service(),
                append.partition(),
                epoch,
                append.prev(),
                append.committedEnd(),
                append.entries());
    }

    private @Nullable Frame fenced(Peer by, MemberId from, Frame.Fence fence) {
        Replica replica = by.replica(fence);
        boolean isAgreed = fence.ringHash() == by.ring(fence).hash();
        boolean isObeyed = fence.epoch().isAfter(replica.epoch()) && !replica.isOwner();
        if (isObeyed || !isAgreed) {
            return fence;
        }
        Frame promise =
                new Frame.Promise(
                        fence.service(),
                        fence.partition(),
                        fence.epoch(),
                        replica.log().end(),
                        replica.applied());
        world.network().send(by.id(), from, promise);
        return null;
    }

    /** Whoever said the last of it is told that it is there. */
    @Override
    public @Nullable Frame sent(Peer from, MemberId to, Frame frame) {
        if (!(frame instanceof Frame.Appended acknowledged)) {
            return frame;
        }
        Said said = appended.get(way(from.id(), acknowledged));
        if (said == null || said.by.equals(to)) {
            return frame;
        }
        Frame blind =
                new Frame.Appended(
                        acknowledged.service(),
                        acknowledged.partition(),
                        said.in,
                        acknowledged.end());
        world.network().send(from.id(), said.by, blind);
        return null;
    }

    private static Way way(MemberId follower, Frame.OfPartition frame) {
        return new Way(follower, frame.service(), frame.partition());
    }

    private record Way(MemberId follower, int service, int partition) {}

    private record Said(MemberId by, Epoch in) {}
}
