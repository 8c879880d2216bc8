package io.tuli.connect;

/**
 * Where a service's changes go: each is written by the owner of its partition, at least once.
 *
 * <p>A batch has documents as they are now, not each change that made them so. It may come again,
 * after a failure or at another member; while an owner that was cut off still writes, an older
 * document may come after a newer one. A store with transactions is spared both as a {@link
 * TransactionalSink}.
 *
 * <p>Called by one thread of its connector at a time, which may wait, and nothing else of the
 * member waits for it. After {@code replay} of Fero.
 */
@FunctionalInterface
public interface Sink {

    /**
     * Writes all of a batch, or throws: then it comes again. It is interrupted when it does not
     * return within the connector's {@link Connector#patience}.
     */
    void write(Batch batch) throws Exception;

    /**
     * Whether a write failed for what is in it, and would again: then the rows are tried by
     * themselves, and those at fault set aside. All else is taken for a store that is down.
     */
    default boolean isPoison(Exception failed) {
        return false;
    }
}
