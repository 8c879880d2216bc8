package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.cluster.SimNetwork.Wire;
import io.tuli.member.Network;
import io.tuli.protocol.Frame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ways out of a simulated member, as its loop was told of them and not as they are: what it
 * says on a wire that has broken meanwhile is lost, though there may be a new one. One thread.
 */
final class SimLinks implements Network {

    private final SimNetwork network;
    private final MemberId self;
    private final int messageBytesMax;
    private final Map<MemberId, Wire> wires = new HashMap<>();

    SimLinks(SimNetwork network, MemberId self, int messageBytesMax) {
        this.network = network;
        this.self = self;
        this.messageBytesMax = messageBytesMax;
    }

    void up(MemberId member, Wire wire) {
        wires.put(member, wire);
    }

    /** False if it was another wire to the member, or none: then nothing has changed. */
    boolean down(MemberId member, Wire wire) {
        return wires.remove(member, wire);
    }

    @Nullable Wire find(MemberId member) {
        return wires.get(member);
    }

    @Override
    public boolean isOpen(MemberId to) {
        return isWritable(to);
    }

    @Override
    public boolean isWritable(MemberId to) {
        Wire wire = wires.get(to);
        return wire != null && wire.isWritable(to);
    }

    @Override
    public int messageBytesMax() {
        return messageBytesMax;
    }

    @Override
    public void send(MemberId to, Frame frame) {
        Wire wire = wires.get(to);
        if (wire != null) {
            network.send(wire, self, to, frame);
        }
    }
}
