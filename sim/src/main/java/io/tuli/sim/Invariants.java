package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.replica.Replica;
import java.util.HashMap;
import java.util.Map;

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
    private long discardedEntries;

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
        if (!entry.id().isNone()) {
            LogPosition first =
                    executed.putIfAbsent(new Request(partition, entry.id()), entry.position());
            if (first != null && !first.equals(entry.position()) && discardedEntries == 0) {
                breach("I8 a request is committed once", entry + " and at " + first);
            }
        }
        cluster.timeline().trace(entry.offset() * 31 + partition);
    }

    void reset(SimMember member, int partition, LogPosition at) {
        reached.put(new Applier(member, partition), at);
    }

    void discarded(SimMember member, int partition, LogPosition from, LogPosition to) {
        discardedEntries += to.offset() - from.offset();
        if (!cluster.maySplit()) {
            breach(
                    "committed entries are given up only after a split",
                    member + " " + from + ".." + to);
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
