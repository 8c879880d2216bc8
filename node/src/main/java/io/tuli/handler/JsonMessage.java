package io.tuli.handler;

import io.tuli.Caller;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.arrival.ArrivedMessage;
import io.tuli.codec.JsonCodec;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as it reached this member, for a handler. */
record JsonMessage(
        Key key,
        RequestId id,
        Duration within,
        Map<String, String> headers,
        Payload payload,
        Caller caller,
        JsonCodec codec)
        implements ArrivedMessage {

    @Override
    public <T> @Nullable T body(Class<T> type) {
        return type == Payload.class ? type.cast(payload) : codec.decode(payload, type);
    }

    @Override
    public @Nullable Object body(Type type) {
        return codec.decode(payload, type);
    }
}
