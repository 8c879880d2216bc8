package io.tuli;

import java.util.List;

/**
 * What one member knows of one service.
 *
 * @param service its name
 * @param member who knows it
 * @param isServing whether that member serves it, or only uses it
 * @param state {@code ready} in sync, {@code syncing} not yet, {@code leaving}; {@code waiting}
 *     where a durable service waits, after all have stopped, for servers that are not back; {@code
 *     broken} where a partition has stopped because of a fault, and the member is to be restarted
 * @param owned partitions it owns
 * @param replicas partitions it follows
 * @param commits committed entries over all partitions
 * @param lag committed entries it knows of but has not applied
 * @param discarded writes given up for another side's where this member merged after a split
 * @param digest of the committed state: equal on all members in sync. Partitions that have changed
 *     since the last report are read for it, a million documents in about a tenth of a second
 * @param keys top-level keys
 * @param upMillis since it joined
 * @param partitions each partition
 * @param groups each group of readers of its changes, by name, as far as this member's replica
 *     knows
 */
public record ServiceReport(
        String service,
        Member member,
        boolean isServing,
        String state,
        int owned,
        int replicas,
        long commits,
        long lag,
        long discarded,
        long digest,
        long keys,
        long upMillis,
        List<PartitionReport> partitions,
        List<GroupReport> groups) {

    public ServiceReport {
        partitions = List.copyOf(partitions);
        groups = List.copyOf(groups);
    }

    /** Of a service that no group reads. */
    public ServiceReport(
            String service,
            Member member,
            boolean isServing,
            String state,
            int owned,
            int replicas,
            long commits,
            long lag,
            long discarded,
            long digest,
            long keys,
            long upMillis,
            List<PartitionReport> partitions) {
        this(
                service,
                member,
                isServing,
                state,
                owned,
                replicas,
                commits,
                lag,
                discarded,
                digest,
                keys,
                upMillis,
                partitions,
                List.of());
    }

    /**
     * A group of readers, or a consumer, over all partitions.
     *
     * @param name its name
     * @param lag committed entries after its places; those that are settled before their turn are
     *     counted
     * @param readers partitions that somebody reads for it
     * @param unacknowledged entries delivered and not acknowledged, as far as readers have said
     * @param rejected changes that it keeps as rejected
     */
    public record GroupReport(
            String name, long lag, int readers, long unacknowledged, long rejected) {

        /** Both of one name together, of different partitions. */
        public GroupReport with(GroupReport other) {
            return new GroupReport(
                    name,
                    lag + other.lag,
                    readers + other.readers,
                    unacknowledged + other.unacknowledged,
                    rejected + other.rejected);
        }
    }

    /**
     * One partition as the member sees it.
     *
     * @param partition its number
     * @param epoch the ownership period it last promised or learned
     * @param role {@code owner}, {@code follower}, {@code taking-over}, {@code idle}
     * @param end position of its changelog's end
     * @param committedEnd offset up to which it is committed
     * @param followers at the owner: each follower's end
     */
    public record PartitionReport(
            int partition,
            Epoch epoch,
            String role,
            LogPosition end,
            long committedEnd,
            List<FollowerReport> followers) {

        public PartitionReport {
            followers = List.copyOf(followers);
        }
    }

    /**
     * A follower as its owner sees it.
     *
     * @param member who
     * @param end offset up to which it has acknowledged
     */
    public record FollowerReport(MemberId member, long end) {}
}
