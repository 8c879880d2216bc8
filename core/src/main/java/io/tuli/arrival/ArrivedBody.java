package io.tuli.arrival;

import org.jspecify.annotations.Nullable;

/**
 * The body of a message that has arrived: it is still in bytes, and knows how it is read. Only
 * members make these, for nobody else can import this.
 */
public interface ArrivedBody {

    /** The bytes, with their format: a payload. */
    Object payload();

    /**
     * The value as a {@code type}; null where there is none.
     *
     * @throws RuntimeException the codec's, where it is no such type
     */
    <T> @Nullable T as(Class<T> type);
}
