package io.tuli.connect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a service is connected. Immutable.
 *
 * @param source null where it begins empty
 * @param sink null where its changes go nowhere
 * @param foundAfter how long a founder waits for others before it restores
 * @param within how long serving it may take before it fails
 * @param patience how long a store may take over one step
 * @param rows of a batch, about
 * @param every how long a change waits for others of its batch
 * @param backOffLeast how long a store that fails is left alone at first
 * @param backOffMost and in the end
 */
record Terms(
        @Nullable Source source,
        @Nullable Sink sink,
        Duration foundAfter,
        Duration within,
        Duration patience,
        int rows,
        Duration every,
        Duration backOffLeast,
        Duration backOffMost) {

    static final Terms USUAL =
            new Terms(
                    null,
                    null,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    1_000,
                    Duration.ofMillis(100),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(60));

    /** Whether what was restored is in the sink already. */
    @SuppressWarnings("ReferenceEquality") // one object is one store
    boolean isOneStore() {
        return source != null && (Object) source == (Object) sink;
    }

    Terms stores(@Nullable Source from, @Nullable Sink to) {
        return new Terms(
                from, to, foundAfter, within, patience, rows, every, backOffLeast, backOffMost);
    }

    Terms waits(Duration toFound, Duration toServe, Duration forStore) {
        return new Terms(
                source, sink, toFound, toServe, forStore, rows, every, backOffLeast, backOffMost);
    }

    Terms batches(int most, Duration wait) {
        return new Terms(
                source, sink, foundAfter, within, patience, most, wait, backOffLeast, backOffMost);
    }

    Terms backOff(Duration least, Duration most) {
        return new Terms(source, sink, foundAfter, within, patience, rows, every, least, most);
    }
}
