package io.tuli.loop;

import io.tuli.protocol.Keeper;
import io.tuli.replica.KeptPartition;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A member's journal, as its loops and their partitions know it. Any thread, unless said. */
public interface LoopJournal {

    /** Where nothing is durable. */
    LoopJournal NONE =
            new LoopJournal() {
                @Override
                public Keeper keeper(int loop) {
                    return Keeper.NONE;
                }

                @Override
                public IntFunction<@Nullable KeptPartition> take(int service) {
                    return partition -> null;
                }

                @Override
                public void left(int service) {}

                @Override
                public void look(long nowNanos) {}
            };

    /** What that loop gives its records; on its thread alone. */
    Keeper keeper(int loop);

    /**
     * What it has of a service's partitions, which no loop has open, from an earlier life or from
     * before it was closed; null for nothing. May wait for the disk.
     *
     * @throws io.tuli.TuliException UNAVAILABLE where it cannot be read
     */
    IntFunction<@Nullable KeptPartition> take(int service);

    /** No loop has the service open any more. */
    void left(int service);

    /** Time has passed. */
    void look(long nowNanos);
}
