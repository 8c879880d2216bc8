package io.tuli.ring;

import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the servers of a service, who should own which partition. A pure function of its arguments,
 * the same on every member. It proposes; only the take-over handshake gives ownership.
 */
public final class Ring {

    /** Of a service nobody serves. */
    public static final Ring EMPTY = of(1, List.of(), List.of());

    private final List<MemberId> servers;
    private final List<MemberId> leaving;
    private final int[] owners;
    private final long hash;

    private Ring(List<MemberId> servers, List<MemberId> leaving, int[] owners, long hash) {
        this.servers = servers;
        this.leaving = leaving;
        this.owners = owners;
        this.hash = hash;
    }

    /**
     * The ring of these servers.
     *
     * @param servers who shall own partitions
     * @param leaving who shall own none any more but is still there, and must be asked before
     *     others own
     */
    public static Ring of(int partitions, List<MemberId> servers, List<MemberId> leaving) {
        List<MemberId> sorted = sorted(servers);
        List<MemberId> going = sorted(leaving);
        going.removeAll(sorted);
        long hash = partitions;
        for (MemberId server : sorted) {
            hash = mix(hash ^ server.incarnation());
        }
        hash = mix(hash + 1);
        for (MemberId member : going) {
            hash = mix(hash ^ member.incarnation());
        }
        long[] nodes = sorted.stream().mapToLong(MemberId::node).toArray();
        int[] owners = Assignment.owners(partitions, nodes);
        return new Ring(List.copyOf(sorted), List.copyOf(going), owners, hash);
    }

    private static List<MemberId> sorted(List<MemberId> members) {
        List<MemberId> sorted = new ArrayList<>(members);
        sorted.sort(null);
        return sorted;
    }

    static long mix(long z) {
        long mixed = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** Who should own the partition; null if there are no servers. */
    public @Nullable MemberId ownerOf(int partition) {
        return servers.isEmpty() ? null : servers.get(owners[partition]);
    }

    /** Those who share the partitions, in order of identity. */
    public List<MemberId> servers() {
        return servers;
    }

    /** Those on their way out. */
    public List<MemberId> leaving() {
        return leaving;
    }

    public boolean contains(MemberId member) {
        return servers.contains(member);
    }

    /** Equal where servers, leaving members and number of partitions are. */
    public long hash() {
        return hash;
    }

    public int partitions() {
        return owners.length;
    }

    /** How many partitions the member should own. */
    public int shareOf(MemberId member) {
        int index = servers.indexOf(member);
        int share = 0;
        for (int owner : owners) {
            share += owner == index ? 1 : 0;
        }
        return index < 0 ? 0 : share;
    }

    /** How many partitions have another owner in this ring than in {@code earlier}. */
    public int movedFrom(Ring earlier) {
        int moved = 0;
        for (int partition = 0; partition < owners.length; partition++) {
            MemberId now = ownerOf(partition);
            moved += now != null && now.equals(earlier.ownerOf(partition)) ? 0 : 1;
        }
        return moved;
    }
}
