package io.tuli.group;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a group.
 *
 * @param member incarnation of its member
 * @param number its own there
 */
record ReaderId(long member, long number) {

    /** Nobody. */
    static final ReaderId NONE = new ReaderId(0, 0);

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    boolean isNone() {
        return member == 0;
    }

    /**
     * Which of them a partition is for: one more, or one less, moves no other's (rendezvous
     * hashing). Null where there are none.
     */
    static @Nullable ReaderId best(Collection<ReaderId> readers, int service, int partition) {
        ReaderId best = null;
        long most = 0;
        for (ReaderId reader : readers) {
            long weight = reader.weight(service, partition);
            if (best == null || Long.compareUnsigned(weight, most) > 0) {
                best = reader;
                most = weight;
            }
        }
        return best;
    }

    private long weight(int service, int partition) {
        long hash = mixed(member + GOLDEN * number);
        return mixed(hash ^ (((long) service << 32) + GOLDEN * (partition + 1)));
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long once = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        long twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
        return twice ^ (twice >>> 31);
    }
}
