package io.tuli.service;

import io.tuli.Epoch;
import io.tuli.MeshEvent;
import io.tuli.ring.Ring;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a change of the ring does to the partitions of one service on this member, and makes
 * one event of it when nothing has changed for a while. Thread-safe: loops note what happens to
 * their partitions, one of them asks for the event.
 */
final class RingNews {

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A ring that never settles is told of all the same. */
    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String OWNER = "owner";

    private final BitSet owned = new BitSet();
    private final Map<Integer, Epoch> opened = new TreeMap<>();

    /** What was owned when the last event was made. */
    private BitSet before = new BitSet();

    private volatile boolean isNews;
    private long firstNanos;
    private long lastNanos;

    synchronized void ringChanged(long nowNanos) {
        note(nowNanos);
    }

    synchronized void roleChanged(int partition, String role, Epoch epoch, long nowNanos) {
        boolean isOwner = role.equals(OWNER);
        if (!isOwner && !owned.get(partition)) {
            return;
        }
        owned.set(partition, isOwner);
        if (isOwner) {
            opened.put(partition, epoch);
        } else {
            opened.remove(partition);
        }
        note(nowNanos);
    }

    /** The partitions are opened anew, and their number may be another. */
    synchronized void forget() {
        owned.clear();
        before.clear();
        opened.clear();
    }

    private void note(long nowNanos) {
        lastNanos = nowNanos;
        if (!isNews) {
            firstNanos = nowNanos;
            isNews = true;
        }
    }

    /** The event, once; null while there is none, or it has not settled. */
    @Nullable MeshEvent take(String service, Ring ring, long nowNanos) {
        return isNews ? settled(service, ring, nowNanos) : null;
    }

    private synchronized @Nullable MeshEvent settled(String service, Ring ring, long nowNanos) {
        if (nowNanos - lastNanos < QUIET_NANOS && nowNanos - firstNanos < LATEST_NANOS) {
            return null;
        }
        isNews = false;
        before.andNot(owned);
        Set<Integer> lost = before.stream().boxed().collect(Collectors.toSet());
        MeshEvent.RingChange change =
                new MeshEvent.RingChange(ring.servers(), owned.cardinality(), opened, lost);
        before = (BitSet) owned.clone();
        opened.clear();
        String text =
                "servers="
                        + change.servers().size()
                        + " owned="
                        + change.owned()
                        + " gained="
                        + change.gained().size()
                        + " lost="
                        + change.lost().size();
        return MeshEvent.of(MeshEvent.Kind.RING_CHANGED, text).service(service).ring(change);
    }
}
