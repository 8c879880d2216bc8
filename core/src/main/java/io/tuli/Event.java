package io.tuli;

import org.jspecify.annotations.Nullable;

/**
 * Something that was published, as {@link Service#events} delivers it. Immutable.
 *
 * @param subject under which it was published
 * @param publisher the member that published it
 * @param payload the body as it was sent
 * @param codec reads the body
 */
public record Event(String subject, MemberId publisher, Payload payload, Codec codec) {

    /** The body as strings, numbers, booleans, lists and maps; null if there is none. */
    public @Nullable Object value() {
        return codec.decode(payload, Object.class);
    }

    /**
     * The body as a {@code type}; null if there is none. Decoded anew each time it is asked for.
     *
     * @throws TuliException BAD_REQUEST when it is no such type
     */
    public <V> @Nullable V value(Class<V> type) {
        return codec.decode(payload, type);
    }
}
