package io.tuli.ring;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Which of the servers owns which partition: rendezvous hashing with bounded load. A pure function
 * of the set of servers.
 *
 * <p><b>Algorithm.</b> First each partition goes to the server that wants it most [1]: then one
 * server more or less moves exactly the partitions that it gains or had, but shares differ by
 * chance. Then servers over the upper bound give away the partitions whose next best server, among
 * those with room, wants them almost as much; then servers under the lower bound get from those
 * above it in the same way. Bounds are {@link #SLACK} around the even share: within them the first
 * choice stands [2]. Choosing by least regret, instead of in the order of partitions, makes the
 * repairs of two sets of servers that differ by one member almost the same repairs.
 *
 * <p><b>Cost.</b> O(partitions x servers), and a logarithm for each repair. The table of what it
 * costs in moved partitions is in {@code docs/adr/}; {@code RingTest} prints it.
 *
 * <p><b>Trade-off.</b> No slack means even shares and a third more moves; more slack the reverse.
 * The exact optimum (a minimum-cost flow) was measured and moves hardly less.
 *
 * <ol>
 *   <li>D. Thaler, C. Ravishankar: Using name-based mappings to increase hit rates, IEEE/ACM
 *       Transactions on Networking 1998 (rendezvous hashing).
 *   <li>V. Mirrokni, M. Thorup, M. Zadimoghaddam: Consistent hashing with bounded loads, SODA 2018.
 * </ol>
 */
final class Assignment {

    /** The part of an even share by which a share may differ from it. */
    static final double SLACK = 0.05;

    private final int[] owners;
    private final int[] loads;
    private final Preferences preferences;

    private Assignment(int partitions, Preferences preferences) {
        this.preferences = preferences;
        this.owners = new int[partitions];
        this.loads = new int[preferences.servers()];
    }

    /** For each partition the index of its owner in {@code nodes}. */
    static int[] owners(int partitions, long[] nodes) {
        Assignment assignment = new Assignment(partitions, Preferences.of(partitions, nodes));
        if (nodes.length > 0) {
            assignment.assign();
        }
        return assignment.owners;
    }

    private void assign() {
        for (int partition = 0; partition < owners.length; partition++) {
            owners[partition] = best(partition, Integer.MAX_VALUE);
            loads[owners[partition]]++;
        }
        int servers = loads.length;
        int slack = (int) (SLACK * owners.length / servers);
        repair(Math.ceilDiv(owners.length, servers) + slack, false);
        repair(Math.max(0, owners.length / servers - slack), true);
    }

    /**
     * Moves partitions from servers above the bound to servers below it, those of least regret
     * first.
     *
     * @param toFill until no server is below the bound; otherwise until none is above it
     */
    private void repair(int bound, boolean toFill) {
        PriorityQueue<Move> moves =
                new PriorityQueue<>(
                        Comparator.comparingLong(Move::regret).thenComparingInt(Move::partition));
        for (int partition = 0; partition < owners.length; partition++) {
            offer(moves, partition, bound);
        }
        int wanting = 0;
        for (int load : loads) {
            wanting += Math.max(0, toFill ? bound - load : load - bound);
        }
        while (wanting > 0) {
            Move move = moves.remove();
            if (loads[owners[move.partition]] > bound && loads[move.to] >= bound) {
                offer(moves, move.partition, bound);
            } else if (loads[owners[move.partition]] > bound) {
                loads[owners[move.partition]]--;
                loads[move.to]++;
                owners[move.partition] = move.to;
                wanting--;
            }
        }
    }

    private void offer(PriorityQueue<Move> moves, int partition, int bound) {
        if (loads[owners[partition]] > bound) {
            int to = best(partition, bound);
            if (to >= 0) {
                long had = preferences.score(owners[partition], partition);
                moves.add(new Move(had - preferences.score(to, partition), partition, to));
            }
        }
    }

    /** Who wants it most among those with room; -1 if nobody has room. */
    private int best(int partition, int bound) {
        int best = -1;
        for (int server = 0; server < loads.length; server++) {
            if (loads[server] < bound
                    && (best < 0
                            || preferences.score(server, partition)
                                    > preferences.score(best, partition))) {
                best = server;
            }
        }
        return best;
    }

    private record Move(long regret, int partition, int to) {}
}
