package io.tuli.swarm;

import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.ServiceConfig;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Hosted;
import io.tuli.feed.Feeds;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.SourceMark;
import io.tuli.replica.Replica;
import io.tuli.store.SharedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * P10: consumers of one name on several members, which come and go, and acknowledge at once, late,
 * never, or reject: of each change of the changelog that there is in the end, one of them has said
 * that it is done with it, or every member lists it as rejected. One thread.
 */
final class ConsumerReaders {

    private static final String NAME = "consumers";
    private static final int READERS_MOST = 4;
    private static final int MOVES = 12;
    private static final int IN_FLIGHT = 40;
    private static final int ATTEMPTS = 25;
    private static final Duration ACK_WAIT = Duration.ofSeconds(2);
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final ServiceConfig<Object> service;
    private final SplittableRandom random;
    private final List<Reader> readers = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();
    private final Set<Hosted> watched = new HashSet<>();
    private final List<Feed.Delivery> held = new ArrayList<>();
    private boolean isEnding;

    ConsumerReaders(Cluster cluster, SwarmPlan plan, ServiceConfig<Object> service) {
        this.cluster = cluster;
        this.service = service;
        this.random = new SplittableRandom(plan.seed() ^ 0xc2b2ae3d27d4eb4fL);
        for (int partition = 0; partition < plan.partitions(); partition++) {
            known.add(new Known(new HashMap<>(), new HashMap<>()));
        }
    }

    /**
     * Of a partition.
     *
     * @param applied what its changelogs had that changed something
     * @param done by entry, the changes that somebody is done with
     */
    private record Known(Map<LogPosition, Entry> applied, Map<LogPosition, Set<LogPosition>> done) {

        void done(LogPosition change) {
            done.computeIfAbsent(entryOf(change), entry -> new HashSet<>()).add(change);
        }

        boolean isDone(LogPosition at) {
            Entry entry = applied.get(at);
            Set<LogPosition> changes = done.get(at);
            return entry != null && changes != null && changes.size() >= entry.edits().size();
        }
    }

    /** The place after the entry of a change. */
    private static LogPosition entryOf(LogPosition change) {
        return change.index() == 0 ? change : new LogPosition(change.epoch(), change.offset() + 1);
    }

    /** Before anything is written. */
    void begin() {
        look();
        readers.add(new Reader(any()));
    }

    /** A write was made: consumers come and go, and each takes what there is for it. */
    void look() {
        for (ClusterMember member : cluster.members()) {
            Hosted hosted = member.service(service).hosted();
            if (watched.add(hosted)) {
                hosted.watches.add(new Watch());
            }
        }
        for (Reader reader : List.copyOf(readers)) {
            if (!reader.isThere()) {
                readers.remove(reader);
            } else if (isEnding || random.nextInt(3) > 0) {
                reader.feed.poll(this::take);
            }
        }
        if (!held.isEmpty() && random.nextInt(4) == 0) {
            ack(held.remove(random.nextInt(held.size())));
        }
        if (readers.isEmpty() || (readers.size() < READERS_MOST && random.nextInt(MOVES) == 0)) {
            readers.add(new Reader(any()));
        } else if (!isEnding && readers.size() > 1 && random.nextInt(MOVES) == 0) {
            readers.remove(random.nextInt(readers.size())).feed.close();
        }
    }

    private ClusterMember any() {
        List<ClusterMember> members = cluster.members();
        return members.get(random.nextInt(members.size()));
    }

    private void take(Feed.Delivery delivery) {
        int what = isEnding ? 0 : random.nextInt(20);
        boolean unused;
        switch (what) {
            case 15 -> unused = delivery.retry(Duration.ofMillis(random.nextInt(1_500)));
            case 16 -> unused = delivery.reject("drawn");
            case 17 -> unused = delivery.extend();
            case 18, 19 -> held.add(delivery);
            default -> ack(delivery);
        }
    }

    private void ack(Feed.Delivery delivery) {
        boolean unused = delivery.ack();
        Change change = delivery.change();
        known.get(change.partition()).done(change.position());
    }

    /** When all is well again every change is done with within so long. */
    void expect(Duration within) {
        isEnding = true;
        Duration end = cluster.now().plus(within);
        String breach = gap();
        while (breach != null) {
            if (cluster.now().compareTo(end) >= 0) {
                throw cluster.world().breach("P10 each change is acknowledged", breach);
            }
            for (int i = 0; i < 10; i++) {
                cluster.run(SETTLED.dividedBy(10));
                look();
            }
            breach = gap();
        }
    }

    private @Nullable String gap() {
        for (ClusterMember member : cluster.members()) {
            for (int partition = 0; partition < known.size(); partition++) {
                String gap = gap(member, partition);
                if (gap != null) {
                    return gap;
                }
            }
        }
        return null;
    }

    private @Nullable String gap(ClusterMember member, int partition) {
        Replica replica = member.service(service).hosted().replicas.get(partition);
        Known all = known.get(partition);
        if (all.done().containsKey(LogPosition.START)) {
            return null; // of what is told as a state nothing is told by its place
        }
        Map<LogPosition, Integer> listed = new HashMap<>();
        for (Extras.Rejected each : member.service(service).rejected(NAME, partition)) {
            listed.merge(entryOf(each.at()), 1, Integer::sum);
        }
        for (Entry entry : all.applied().values()) {
            boolean isThere = replica.log().lineage().has(entry.position(), replica.committedEnd());
            if (isThere && !isDone(all, entry, listed)) {
                return "nobody is done with "
                        + partition
                        + " "
                        + entry
                        + " as of "
                        + member
                        + ": "
                        + replica.groups().find(NAME);
            }
        }
        return null;
    }

    private static boolean isDone(Known all, Entry entry, Map<LogPosition, Integer> listed) {
        boolean isDone = isDone(all, entry.position(), listed);
        for (SourceMark mark : entry.marks()) {
            isDone |= mark.isOfMerge() && isDone(all, mark.position(), listed);
        }
        return isDone;
    }

    private static boolean isDone(Known all, LogPosition at, Map<LogPosition, Integer> listed) {
        Entry entry = all.applied().get(at);
        int changes = all.done().getOrDefault(at, Set.of()).size() + listed.getOrDefault(at, 0);
        return all.isDone(at) || (entry != null && changes >= entry.edits().size());
    }

    /** Somebody who consumes on a member. */
    private final class Reader {

        private final ClusterMember member;
        private final Hosted hosted;
        private final Feeds.PolledDeliveries feed;

        Reader(ClusterMember member) {
            this.member = member;
            this.hosted = member.service(service).hosted();
            this.feed =
                    member.service(service)
                            .consumer(
                                    NAME,
                                    Position.start(),
                                    how ->
                                            how.inFlight(IN_FLIGHT)
                                                    .ackWait(ACK_WAIT)
                                                    .attempts(ATTEMPTS)
                                                    .backOff(Duration.ofMillis(300)));
        }

        boolean isThere() {
            return member.isAlive() && member.services().contains(hosted);
        }
    }

    private final class Watch implements Hosted.Watch {

        @Override
        public void applied(int partition, Entry entry) {
            if (!entry.edits().isEmpty()) {
                known.get(partition).applied().putIfAbsent(entry.position(), entry);
            }
        }

        @Override
        public void reset(int partition, LogPosition at, SharedState state) {}
    }
}
