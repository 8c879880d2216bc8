package io.tuli.swarm;

import io.tuli.Change;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.ServiceConfig;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Hosted;
import io.tuli.feed.Feeds;
import io.tuli.log.Entry;
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
 * P6: readers of a group on several members, which come and go: each change of the changelog that
 * there is in the end has come to one of them. Where none of them could end or stand still before
 * it had said what it consumed, each came once, in order. One thread.
 */
final class GroupReaders {

    private static final String NAME = "readers";
    private static final int READERS_MOST = 4;
    private static final int MOVES = 12;
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final SwarmPlan plan;
    private final ServiceConfig<Object> service;
    private final SplittableRandom random;
    private final List<Reader> readers = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final Set<Hosted> watched = new HashSet<>();

    GroupReaders(Cluster cluster, SwarmPlan plan, ServiceConfig<Object> service) {
        this.cluster = cluster;
        this.plan = plan;
        this.service = service;
        this.random = new SplittableRandom(plan.seed() ^ 0x9e3779b97f4a7c15L);
        for (int partition = 0; partition < plan.partitions(); partition++) {
            told.add(new Told(new HashSet<>(), new HashMap<>()));
        }
    }

    /** What a partition's changelogs had that changed something, and what was told of it. */
    private record Told(Set<LogPosition> places, Map<LogPosition, Entry> applied) {}

    /** Before anything is written. */
    void begin() {
        look();
        readers.add(new Reader(any()));
    }

    /** A write was made: readers come and go, and each takes what there is for it. */
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
            } else if (random.nextInt(3) > 0) {
                reader.feed.poll(reader::take);
            }
        }
        if (readers.isEmpty() || (readers.size() < READERS_MOST && random.nextInt(MOVES) == 0)) {
            readers.add(new Reader(any()));
        } else if (readers.size() > 1 && random.nextInt(MOVES) == 0) {
            readers.remove(random.nextInt(readers.size())).feed.close();
        }
    }

    private ClusterMember any() {
        List<ClusterMember> members = cluster.members();
        return members.get(random.nextInt(members.size()));
    }

    /** When all is well again every change comes within so long. */
    void expect(Duration within) {
        Duration end = cluster.now().plus(within);
        String breach = gap();
        while (breach != null) {
            if (cluster.now().compareTo(end) >= 0) {
                throw cluster.world().breach("P6 each change comes to a group", breach);
            }
            for (int i = 0; i < 10; i++) {
                cluster.run(SETTLED.dividedBy(10));
                look();
            }
            breach = gap();
        }
    }

    private @Nullable String gap() {
        Hosted hosted = cluster.members().get(0).service(service).hosted();
        for (int partition = 0; partition < told.size(); partition++) {
            Replica replica = hosted.replicas.get(partition);
            for (Entry entry : told.get(partition).applied.values()) {
                boolean isThere =
                        replica.log().lineage().has(entry.position(), replica.committedEnd());
                if (isThere && !isTold(partition, entry)) {
                    return "nobody was told of " + partition + " " + entry;
                }
            }
        }
        return null;
    }

    private boolean isTold(int partition, Entry entry) {
        Set<LogPosition> places = told.get(partition).places;
        boolean isTold = places.contains(LogPosition.START) || places.contains(entry.position());
        for (SourceMark mark : entry.marks()) {
            isTold |= mark.isOfMerge() && places.contains(mark.position());
        }
        return isTold;
    }

    /** Somebody who reads on a member. */
    private final class Reader {

        private final ClusterMember member;
        private final Hosted hosted;
        private final Feeds.Polled<Change> feed;

        Reader(ClusterMember member) {
            this.member = member;
            this.hosted = member.service(service).hosted();
            this.feed = member.service(service).group(NAME, Position.start());
        }

        boolean isThere() {
            return member.isAlive() && member.services().contains(hosted);
        }

        void take(Change change) {
            LogPosition at = change.position();
            LogPosition end = at.index() == 0 ? at : new LogPosition(at.epoch(), at.offset() + 1);
            boolean isNews = told.get(change.partition()).places.add(end);
            boolean isWhole = at.index() == 0 && change.kind() != Change.Kind.RESET;
            boolean mayRepeat = plan.mayRepeat() || (plan.mayDelay() && forced() > 0);
            if (isWhole && !isNews && !mayRepeat && !isReset(change)) {
                throw cluster.world()
                        .breach(
                                "P6 each change comes to a group once",
                                change + " came again, to " + member);
            }
        }

        /** Of what is told as a state nothing is told by its place. */
        private boolean isReset(Change change) {
            return told.get(change.partition()).places.contains(LogPosition.START);
        }

        private int forced() {
            return cluster.members().stream()
                    .mapToInt(each -> each.service(service).hosted().forced)
                    .sum();
        }
    }

    private final class Watch implements Hosted.Watch {

        @Override
        public void applied(int partition, Entry entry) {
            if (!entry.edits().isEmpty()) {
                told.get(partition).applied.putIfAbsent(entry.position(), entry);
            }
        }

        @Override
        public void reset(int partition, LogPosition at, SharedState state) {}
    }
}
