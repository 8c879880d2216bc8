package io.tuli.member;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.call.Routes;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one loop's caller sees: rings, members, links and the loop's replicas. One thread. */
final class RouteTable implements Routes {

    private final MemberCore member;
    private final PartitionRouter core;
    private final Map<Integer, Ring> rings = new HashMap<>();
    private Map<Long, MemberId> members = Map.of();

    /** The one asked for last: calls come in bursts for one owner. */
    private @Nullable MemberId latest;

    /** The same of rings. */
    private @Nullable Ring latestRing;

    private int latestService;

    RouteTable(MemberCore member, PartitionRouter core) {
        this.member = member;
        this.core = core;
    }

    void ring(int service, Ring ring) {
        rings.put(service, ring);
        latestRing = null;
    }

    void forget(int service) {
        rings.remove(service);
        latestRing = null;
    }

    void members(List<MemberId> present) {
        Map<Long, MemberId> byIncarnation = new HashMap<>();
        for (MemberId each : present) {
            byIncarnation.put(each.incarnation(), each);
        }
        members = byIncarnation;
        latest = null;
    }

    @Override
    public @Nullable MemberId ownerOf(int service, int partition) {
        Ring ring = latestRing;
        if (ring == null || latestService != service) {
            ring = rings.get(service);
            latestRing = ring;
            latestService = service;
        }
        return ring == null ? null : ring.ownerOf(partition);
    }

    @Override
    public Epoch epochOf(int service, int partition) {
        Replica replica = core.replica(service, partition);
        return replica == null ? Epoch.ZERO : replica.epoch();
    }

    @Override
    public @Nullable MemberId memberOf(long incarnation) {
        MemberId recent = latest;
        if (recent == null || recent.incarnation() != incarnation) {
            recent = members.get(incarnation);
            latest = recent;
        }
        return recent;
    }

    @Override
    public boolean isOpen(MemberId to) {
        return member.isOpen(to);
    }

    @Override
    public int messageBytesMax() {
        return member.messageBytesMax();
    }

    @Override
    public void send(MemberId to, Frame frame) {
        member.send(to, frame);
    }

    @Override
    public long nextShared(int service, String versions) {
        return member.nextShared(service, versions);
    }

    @Override
    public boolean shows(int service, int partition, LogPosition position) {
        Replica replica = core.replica(service, partition);
        return replica == null || member.isShown(replica.shows(position));
    }
}
