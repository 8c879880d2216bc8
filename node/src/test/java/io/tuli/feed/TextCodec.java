package io.tuli.feed;

import io.tuli.Codec;
import io.tuli.Payload;
import org.jspecify.annotations.Nullable;

/** Payloads as their own text. */
public final class TextCodec implements Codec {

    @Override
    public Payload encode(@Nullable Object value) {
        return value == null ? Payload.NONE : Payload.json(String.valueOf(value));
    }

    @Override
    public <T> @Nullable T decode(Payload payload, Class<T> type) {
        return payload.isNone() ? null : type.cast(payload.toString());
    }
}
