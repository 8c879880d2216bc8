package io.tuli;

import io.tuli.type.TypeOf;
import org.jspecify.annotations.Nullable;

/**
 * Turns objects into payloads and back. Implementations are thread-safe and deterministic: equal
 * values give equal bytes.
 */
public interface Codec {

    /**
     * The value as a payload: byte arrays become opaque, payloads stay themselves, all else becomes
     * JSON.
     *
     * @throws TuliException BAD_REQUEST when the value cannot be written, TOO_LARGE when it nests
     *     too deep
     */
    Payload encode(@Nullable Object value);

    /**
     * The payload as a {@code type}; {@code Object.class} gives strings, numbers, booleans, lists
     * and maps.
     *
     * @return null for {@link Payload#NONE} and for JSON null
     * @throws TuliException BAD_REQUEST when the payload is no such type
     */
    <T> @Nullable T decode(Payload payload, Class<T> type);

    /**
     * The payload as a type with parameters, such as a {@code List<Cart>}.
     *
     * @return null for {@link Payload#NONE} and for JSON null
     * @throws TuliException BAD_REQUEST when the payload is no such type
     */
    default <T> @Nullable T decode(Payload payload, TypeOf<T> type) {
        if (type.type() instanceof Class<?>) {
            return decode(payload, type.raw());
        }
        throw new TuliException(
                Failure.BAD_REQUEST,
                "this codec reads classes, and no types with parameters: type=" + type);
    }
}
