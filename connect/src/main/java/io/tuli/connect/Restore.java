package io.tuli.connect;

import org.jspecify.annotations.Nullable;

/**
 * Takes what a {@link Source} has. One thread; it waits where the member is not as fast as the
 * source, so a source of any length takes bounded memory.
 */
public interface Restore {

    /**
     * A document; the last of a key counts.
     *
     * @param key the name of the document as it is, not the text of a {@link io.tuli.Key}
     * @param document a record, JSON-like values, or a {@link io.tuli.Payload}
     * @throws InterruptedException when the connector is closed, or has lost patience
     * @throws io.tuli.TuliException BAD_REQUEST where it is no document of the service, or an
     *     earlier one was none: let it through, the service cannot begin with it
     */
    void put(String key, @Nullable Object document) throws InterruptedException;

    /** There is no such document any more, after all. */
    void remove(String key) throws InterruptedException;
}
