package io.tuli.service;

import io.tuli.Partitioner;
import io.tuli.protocol.ServiceSpec;

/**
 * A partitioner is code and cannot be sent; but that two of them place keys differently shows in a
 * few samples, so members with different ones find out before they spread keys over each other's
 * partitions.
 */
public final class PartitionerDigest {

    private static final String[] SAMPLES = {
        "a", "u42", "eu-1-7", "user:17:cart", "AMS-JFK", "x/y/z", "2024_11_20", "name@host", "k#9"
    };

    private PartitionerDigest() {}

    /** A short text, equal for partitioners that place the samples alike. */
    public static String of(Partitioner partitioner) {
        StringBuilder places = new StringBuilder();
        for (String sample : SAMPLES) {
            places.append(placeOf(partitioner, sample)).append('\n');
        }
        return Integer.toHexString(ServiceSpec.numberOf(places.toString()));
    }

    /**
     * The partitioner as loops use it: a key it cannot place is placed by itself. A loop must not
     * fail because of a key that somebody sent.
     */
    public static Partitioner safe(Partitioner partitioner) {
        return key -> placeOf(partitioner, key);
    }

    @SuppressWarnings("ConstantValue") // Users' code may answer null all the same.
    private static String placeOf(Partitioner partitioner, String key) {
        try {
            String place = partitioner.placeOf(key);
            return place == null ? key : place;
        } catch (Throwable unfit) {
            return key;
        }
    }
}
