package io.tuli.cluster;

import io.tuli.Durable;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.log.Entry;
import io.tuli.member.MemberCore;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One service on one member: its replicas, what is known of them, and who watches. One thread. */
public class Hosted {

    public final ServiceConfig<?> config;
    public final ServiceSpec spec;
    public final List<SharedState> states = new ArrayList<>();
    public final List<Replica> replicas = new ArrayList<>();
    public final List<Watch> watches = new ArrayList<>();
    final LogPosition[] checkedEnds;
    final LogPosition[] reached;
    final Epoch[] promises;
    final @Nullable History[] histories;

    /** As each loop was told of it. */
    final Ring[] rings;

    /** The partitions of each loop. */
    final int[][] ofLoop;

    /** Its member ends its part in it, and its loops leave it. */
    boolean isLeft;

    /** How often somebody was told here that events are lost. */
    public int eventsLost;

    /** How often a group read on here without knowing whether a reader had stopped. */
    public int forced;

    /** Is told what is committed, as a feed is. */
    public interface Watch {

        void applied(int partition, Entry entry);

        /** The partition's state was replaced as a whole. */
        void reset(int partition, LogPosition at, SharedState state);
    }

    Hosted(ServiceConfig<?> config, boolean isServed, int loops) {
        this.config = config;
        this.spec =
                new ServiceSpec(
                        ServiceSpec.numberOf(config.name()),
                        config.name(),
                        config.partitions(),
                        isServed,
                        config.partitioner(),
                        config.merge(),
                        config.isChecked(),
                        config.keepsBefore(),
                        config.expiry().map(Extensions::millis).orElse(Extensions.NEVER),
                        config.durability().map(Durable::syncMillis).orElse(ServiceSpec.NOT_KEPT));
        this.checkedEnds = starts();
        this.reached = starts();
        this.histories = new History[spec.partitions()];
        this.promises = new Epoch[spec.partitions()];
        Arrays.fill(promises, Epoch.ZERO);
        this.rings = new Ring[loops];
        Arrays.fill(rings, Ring.EMPTY);
        this.ofLoop = new int[loops][];
        for (int loop = 0; loop < loops; loop++) {
            ofLoop[loop] = partitionsOf(loop, loops);
        }
    }

    private int[] partitionsOf(int loop, int loops) {
        return IntStream.range(0, spec.partitions())
                .filter(partition -> MemberCore.loopOf(number(), partition, loops) == loop)
                .toArray();
    }

    /** Whether the partition is being filled with what was on disk: it is looked at afterwards. */
    final boolean isRestored(int partition) {
        return partition >= replicas.size();
    }

    /** Time has passed on a loop. */
    void tick(int loop, long nowNanos) {}

    /** The ring that the partition's loop acts on. */
    public final Ring ring(int partition) {
        return rings[MemberCore.loopOf(number(), partition, rings.length)];
    }

    /** Whether all loops act on this ring. */
    final boolean isOnAll(Ring ring) {
        for (Ring each : rings) {
            if (each.hash() != ring.hash()) {
                return false;
            }
        }
        return true;
    }

    /** Whether its member may leave it without a loss. */
    final boolean isHandedOver() {
        return replicas.stream().allMatch(Replica::isHandedOver);
    }

    /** Its member has had it before, and keeps to what it promised then. */
    final void remembers(Hosted before) {
        if (spec.isServed()) {
            System.arraycopy(before.promises, 0, promises, 0, promises.length);
        }
    }

    private LogPosition[] starts() {
        LogPosition[] starts = new LogPosition[spec.partitions()];
        Arrays.fill(starts, LogPosition.START);
        return starts;
    }

    public final int number() {
        return spec.number();
    }

    /** All that has ever happened to one partition, on whichever member. One thread. */
    static final class History {

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
}
