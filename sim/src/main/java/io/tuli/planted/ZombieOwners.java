package io.tuli.planted;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.cluster.Timeline;
import io.tuli.cluster.World;
import io.tuli.log.Entries;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A planted fault: an owner that is fenced promises, as it must, and goes on, as it must not. It
 * hears nothing that would stop it, and takes what it sends for appended.
 */
final class ZombieOwners implements Tampering {

    private final World world;
    private final Map<Part, Epoch> undead = new HashMap<>();

    ZombieOwners(World world) {
        this.world = world;
    }

    @Override
    public @Nullable Frame received(Peer by, MemberId from, Frame frame) {
        if (!(frame instanceof Frame.OfPartition ofPartition)) {
            return frame;
        }
        Replica replica = by.replica(ofPartition);
        Part part = new Part(by.id(), ofPartition.service(), ofPartition.partition());
        if (frame instanceof Frame.Fence fence && replica.isOwner()) {
            undead.put(part, replica.epoch());
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
        boolean isUndead = replica.isOwner() && replica.epoch().equals(undead.get(part));
        boolean isHeard = frame instanceof Frame.Request || frame instanceof Frame.Appended;
        return isUndead && !isHeard ? null : frame;
    }

    @Override
    public Frame sent(Peer from, MemberId to, Frame frame) {
        if (frame instanceof Frame.Append append
                && append.epoch()
                        .equals(
                                undead.get(
                                        new Part(
                                                from.id(),
                                                append.service(),
                                                append.partition())))) {
            Entries entries = append.entries();
            LogPosition end =
                    entries.isEmpty() ? append.prev() : entries.at(entries.size() - 1).position();
            Frame.Appended appended =
                    new Frame.Appended(append.service(), append.partition(), append.epoch(), end);
            world.timeline().after(Timeline.MILLI, () -> from.received(to, appended));
        }
        return frame;
    }

    private record Part(MemberId member, int service, int partition) {}
}
