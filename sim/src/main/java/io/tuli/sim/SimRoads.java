package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.call.Roads;
import io.tuli.protocol.Frame;
import io.tuli.ring.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The world as a member's caller sees it. One thread. */
final class SimRoads implements Roads {

    private final SimCluster cluster;
    private final SimMember member;

    SimRoads(SimCluster cluster, SimMember member) {
        this.cluster = cluster;
        this.member = member;
    }

    @Override
    public @Nullable MemberId ownerOf(int service, int partition) {
        return member.ring(service).ownerOf(partition);
    }

    @Override
    public Epoch epochOf(int service, int partition) {
        return member.required(service).replicas.get(partition).epoch();
    }

    @Override
    public @Nullable MemberId memberOf(long incarnation) {
        for (Hosted hosted : member.services()) {
            Ring ring = hosted.ring;
            MemberId found = find(ring.servers(), incarnation);
            found = found == null ? find(ring.leaving(), incarnation) : found;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable MemberId find(List<MemberId> members, long incarnation) {
        for (MemberId each : members) {
            if (each.incarnation() == incarnation) {
                return each;
            }
        }
        return null;
    }

    @Override
    public boolean isOpen(MemberId to) {
        return to.equals(member.id()) || cluster.network().isWritable(member.id(), to);
    }

    @Override
    public void send(MemberId to, Frame frame) {
        member.send(to, frame);
    }

    @Override
    public boolean shows(int service, int partition, LogPosition place) {
        boolean isShown = member.required(service).replicas.get(partition).shows(place);
        return cluster.tampering().isShown(isShown);
    }
}
