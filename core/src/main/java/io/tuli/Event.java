package io.tuli;

import io.tuli.type.TypeOf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that was published, as {@link Service#events} delivers it. Immutable.
 *
 * @param subject under which it was published
 * @param publisher the member that published it; of what came over a bridge, the bridge
 * @param payload the body as it was sent
 * @param codec reads the body
 * @param isLast whether it was published before, and kept as the last of its subject: see {@link
 *     EventFeed#withLast}
 * @param via the meshes that it has come from over bridges, by name, where it began first; mostly
 *     none
 */
public record Event(
        String subject,
        MemberId publisher,
        Payload payload,
        Codec codec,
        boolean isLast,
        List<String> via) {

    public Event {
        via = List.copyOf(via);
    }

    /** Published just now, in this mesh. */
    public Event(String subject, MemberId publisher, Payload payload, Codec codec) {
        this(subject, publisher, payload, codec, false, List.of());
    }

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

    /** The same as a type with parameters. */
    public <V> @Nullable V value(TypeOf<V> type) {
        return codec.decode(payload, type);
    }
}
