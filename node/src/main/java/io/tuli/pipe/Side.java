package io.tuli.pipe;

import io.tuli.TuliException;
import org.jspecify.annotations.Nullable;

/** Which side of a tunnel it is. */
@FunctionalInterface
interface Side {

    /**
     * This side has ended it: the other one is told. Returns at once.
     *
     * @param why null where both have finished
     * @param sentCost what all that was sent has cost
     */
    void tell(@Nullable TuliException why, long sentCost);
}
