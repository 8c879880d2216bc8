package io.tuli.cluster;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that has ever happened to one partition, on whichever member. One thread. */
final class History {

    final Map<LogPosition, Linked> linked = new HashMap<>();
    final Map<Epoch, Peer> owners = new HashMap<>();
    final Map<RequestId, LogPosition> executed = new HashMap<>();
    final Map<Executed, List<Entry>> byRequest = new HashMap<>();
    final Map<LogPosition, Long> seenNanos = new HashMap<>();
    final Set<LogPosition> committed = new HashSet<>();
    final Set<LogPosition> safe = new HashSet<>();

    /** What both sides of a split executed under one id may be two requests. */
    record Executed(RequestId id, long digest) {}

    /** An entry and the place it was appended at. */
    record Linked(LogPosition before, Entry entry) {}

    /** How much time passed between their first being applied. */
    long apartNanos(Entry entry, Entry other) {
        long first = seenNanos.getOrDefault(entry.position(), 0L);
        return Math.abs(first - seenNanos.getOrDefault(other.position(), 0L));
    }
}
