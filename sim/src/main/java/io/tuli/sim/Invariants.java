package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.replica.Replica;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What must be true after every step, whatever happened: I1 one identity, one record; I2 no gap; I4
 * applied only when committed; I5 at most one owner of an epoch; I8 a request is committed at most
 * once. A breach ends the run.
 */
final class Invariants {

    private final SimCluster cluster;
    private final Map<Place, Entry> entries = new HashMap<>();
    private final Map<Place, SimMember> owners = new HashMap<>();
    private final Map<Request, LogPosition> executed = new HashMap<>();
    private final Map<Applier, LogPosition> reached = new HashMap<>();
    private final Set<Place> safe = new HashSet<>();
    private long discardedEntries;
    private long overruled;

    Invariants(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** Writes given up after a split: counted, because only faults that split may cause them. */
    long discardedEntries() {
        return discardedEntries;
    }

    void applied(SimMember member, int partition, Entry entry) {
        Entry known =
                entries.putIfAbsent(new Place(partition, entry.epoch(), entry.offset()), entry);
        if (known != null && !known.equals(entry)) {
            breach("I1 one position, one entry", known + " / " + entry + " at " + member);
        }
        Applier applier = new Applier(member, partition);
        LogPosition before = reached.getOrDefault(applier, LogPosition.START);
        if (entry.offset() != before.offset() || before.epoch().isAfter(entry.epoch())) {
            breach(
                    "I2 entries are applied in order, each once",
                    entry + " after " + before + " at " + member);
        }
        reached.put(applier, entry.position());
        if (member.replica(partition).isOwner()) {
            committed(member, partition, entry);
        }
        if (!entry.id().isNone()) {
            LogPosition first =
                    executed.putIfAbsent(new Request(partition, entry.id()), entry.position());
            if (first != null && !first.equals(entry.position()) && !cluster.maySplit()) {
                breach("I8 a request is committed once", entry + " and at " + first);
            }
        }
        cluster.timeline().trace(entry.offset() * 31 + partition);
    }

    void reset(SimMember member, int partition, LogPosition at) {
        reached.put(new Applier(member, partition), at);
    }

    /** I7: what an owner commits is on two servers at that moment, unless its ring has no other. */
    private void committed(SimMember owner, int partition, Entry entry) {
        int copies = 0;
        int alive = 0;
        for (SimMember server : cluster.serversEver()) {
            boolean hasIt = has(server.replica(partition), entry);
            copies += hasIt ? 1 : 0;
            alive += hasIt && !server.isDead() ? 1 : 0;
        }
        if (alive >= 2) {
            safe.add(new Place(partition, entry.epoch(), entry.offset()));
        } else if (copies < 2 && owner.ring().servers().size() > 1) {
            breach("I7 what is committed is on two servers", entry + " at " + owner);
        }
    }

    /** In the log, or before it where a snapshot brought it. */
    private static boolean has(Replica replica, Entry entry) {
        boolean isInSnapshot =
                entry.position().offset() <= replica.log().start().offset()
                        && replica.log().lineage().starts().stream()
                                .anyMatch(start -> start.epoch().equals(entry.epoch()));
        return isInSnapshot || replica.log().contains(entry.position());
    }

    /** A write was given up for another side's. */
    void overruled() {
        overruled++;
        if (!cluster.maySplit()) {
            breach("writes are overruled only after a split", "");
        }
    }

    long overruledWrites() {
        return overruled;
    }

    void discarded(SimMember member, int partition, LogPosition from, LogPosition to) {
        discardedEntries += to.offset() - from.offset();
        for (long offset = from.offset(); offset < to.offset(); offset++) {
            if (safe.contains(new Place(partition, to.epoch(), offset)) && !cluster.maySplit()) {
                breach(
                        "what two servers had is given up only after a split",
                        member + " " + from + ".." + to);
            }
        }
    }

    void check(SimMember member) {
        for (int partition = 0; partition < cluster.spec().partitions(); partition++) {
            Replica replica = member.replica(partition);
            if (replica.isOwner()) {
                SimMember owner =
                        owners.putIfAbsent(new Place(partition, replica.epoch(), 0), member);
                if (owner != null && owner != member) {
                    breach(
                            "I5 one owner of an epoch",
                            replica.epoch() + " " + owner + " and " + member);
                }
            }
        }
    }

    private void breach(String rule, String facts) {
        throw new AssertionError(
                "seed "
                        + cluster.seed()
                        + " at "
                        + cluster.timeline().nowNanos() / 1_000_000
                        + " ms: "
                        + rule
                        + ": "
                        + facts);
    }

    private record Place(int partition, Epoch epoch, long offset) {}

    private record Request(int partition, RequestId id) {}

    private record Applier(SimMember member, int partition) {}
}
