package io.tuli.connect;

import io.tuli.Codec;
import io.tuli.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A document as a store is to have it. Immutable.
 *
 * @param key the name of the document as it is
 * @param partition its partition
 * @param document as it was sent; {@link Payload#NONE} where it is to go
 * @param codec reads it
 */
public record Row(String key, int partition, Payload document, Codec codec) {

    /** Whether the document is to go. */
    public boolean isRemoval() {
        return document.isNone();
    }

    /**
     * The document as a {@code type}.
     *
     * @return null for a removal, and for JSON null
     * @throws io.tuli.TuliException BAD_REQUEST when it is no such type
     */
    public <T> @Nullable T value(Class<T> type) {
        return codec.decode(document, type);
    }
}
