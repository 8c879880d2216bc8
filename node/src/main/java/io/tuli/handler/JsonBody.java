package io.tuli.handler;

import io.tuli.Payload;
import io.tuli.arrival.ArrivedBody;
import io.tuli.codec.JsonCodec;
import org.jspecify.annotations.Nullable;

/** The body of a message as it reached this member: read when the handler asks for it. */
record JsonBody(Payload payload, JsonCodec codec) implements ArrivedBody {

    @Override
    public <T> @Nullable T as(Class<T> type) {
        return type == Payload.class ? type.cast(payload) : codec.decode(payload, type);
    }
}
