package io.tuli.ring;

/**
 * How much each server wants each partition: the score of rendezvous hashing, but stratified.
 *
 * <p>The scores that one server gives are not independent random numbers; they are a random order
 * of the partitions. So no server is by chance keener than another, and the shares that follow from
 * the scores alone vary a third less.
 */
final class Preferences {

    private static final int ROUNDS = 3;
    private static final int JITTER_BITS = 32;

    private final long[][] scores;

    private Preferences(long[][] scores) {
        this.scores = scores;
    }

    /**
     * Of servers with these identities.
     *
     * @param nodes may hold one twice, while a member that restarted is still seen in both lives
     */
    static Preferences of(int partitions, long[] nodes) {
        long[][] scores = new long[nodes.length][partitions];
        for (int server = 0; server < nodes.length; server++) {
            long key = Ring.mix(nodes[server]);
            for (int partition = 0; partition < partitions; partition++) {
                long jitter = Ring.mix(key ^ ((partition + 1) * 0x9e3779b97f4a7c15L));
                scores[server][partition] =
                        ((long) rank(partition, partitions, key) << JITTER_BITS)
                                | (jitter >>> JITTER_BITS);
            }
        }
        return new Preferences(scores);
    }

    /**
     * Where the partition stands in the order that belongs to the key: a bijection of {@code
     * 0..partitions-1}. Steps that can each be undone permute the next power of two; a number
     * beyond the end is permuted again until it falls inside.
     */
    static int rank(int partition, int partitions, long key) {
        int bits = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(partitions - 1));
        int mask = (1 << bits) - 1;
        int low = (int) key;
        int high = (int) (key >>> Integer.SIZE);
        int x = partition;
        do {
            for (int round = 0; round < ROUNDS; round++) {
                x = (x * (low | 1) + high) & mask;
                x ^= x >>> ((bits + 1) / 2);
                x = (x * 0x9e3779b1 + Integer.rotateLeft(low, 7 * round + 11)) & mask;
                x ^= x >>> (bits / 2);
            }
        } while (x >= partitions);
        return x;
    }

    /** How much the server wants the partition. */
    long score(int server, int partition) {
        return scores[server][partition];
    }

    int servers() {
        return scores.length;
    }
}
