package io.tuli.member;

import java.util.Arrays;

/**
 * The partitions with something to flush, in the order in which they were touched, as numbers: to
 * write a reference into a list that lives long costs a fence with the garbage collector G1, and
 * this is done for every few messages. One thread.
 */
final class TouchedPartitions {

    private static final int FIRST_CAPACITY = 64;

    private long[] touched = new long[FIRST_CAPACITY];
    private int count;

    void add(int service, int partition) {
        if (count == touched.length) {
            touched = Arrays.copyOf(touched, 2 * count);
        }
        touched[count++] = (long) service << Integer.SIZE | partition;
    }

    int count() {
        return count;
    }

    int service(int index) {
        return (int) (touched[index] >>> Integer.SIZE);
    }

    int partition(int index) {
        return (int) touched[index];
    }

    void clear() {
        count = 0;
    }
}
