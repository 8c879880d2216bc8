package io.tuli.node;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.call.Roads;
import io.tuli.core.Core;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one loop's caller sees: rings, members, links and the loop's replicas. One thread. */
final class RoadMap implements Roads {

    private final IntObjectMap<Ring> rings = new IntObjectHashMap<>();
    private Map<Long, MemberId> members = new HashMap<>();

    /** The one asked for last: calls come in bursts for one owner. */
    private @Nullable MemberId latest;

    private final LoopLinks links;
    private final Core core;
    private final LoopServices services;

    RoadMap(LoopLinks links, Core core, LoopServices services) {
        this.links = links;
        this.core = core;
        this.services = services;
    }

    void ring(int service, Ring ring) {
        rings.put(service, ring);
    }

    void members(List<MemberId> present) {
        Map<Long, MemberId> byIncarnation = new HashMap<>();
        for (MemberId member : present) {
            byIncarnation.put(member.incarnation(), member);
        }
        members = byIncarnation;
        latest = null;
    }

    @Override
    public @Nullable MemberId ownerOf(int service, int partition) {
        Ring ring = rings.get(service);
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
    public boolean isOpen(MemberId member) {
        return links.isOpen(member);
    }

    @Override
    public void send(MemberId to, Frame frame) {
        links.send(to, frame);
    }

    @Override
    public boolean shows(int service, int partition, LogPosition place) {
        Replica replica = core.replica(service, partition);
        return replica == null || !services.hasReplica(service) || replica.shows(place);
    }
}
