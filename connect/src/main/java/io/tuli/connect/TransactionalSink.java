package io.tuli.connect;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.Map;

/**
 * A store that writes documents and places together, or neither: so each change is in it exactly
 * once, and an owner that others have given up cannot write any more.
 *
 * <p>For each partition of a service it keeps a {@link Place}, and for the service the number of
 * its life, counted up whenever the service is founded anew: positions of an earlier life mean
 * nothing.
 */
public interface TransactionalSink extends Sink {

    /** The life of a service that is known last; 0 where none is. */
    long life(String service) throws Exception;

    /**
     * Begins another life of a service: forgets its places, and fences all who write in an earlier
     * one.
     *
     * @param at where its partitions stand, of those that hold nothing that is not in the store
     * @return its number, larger than all before
     */
    long found(String service, Map<Integer, LogPosition> at) throws Exception;

    /**
     * An owner will write from now on: fences all earlier epochs of these partitions.
     *
     * @param epochs by partition
     * @return by partition what is in the store, {@link Place#START} where nothing is; without
     *     those of which a later epoch, or a later life, is known
     */
    Map<Integer, Place> claim(String service, long life, Map<Integer, Epoch> epochs)
            throws Exception;

    /**
     * {@inheritDoc}
     *
     * <p>In one transaction with it, the place of each of {@link Batch#places()} replaces the one
     * there was, if that was of the same life and epoch.
     *
     * @throws FencedException where it was not: nothing is written then
     */
    @Override
    void write(Batch batch) throws Exception;
}
