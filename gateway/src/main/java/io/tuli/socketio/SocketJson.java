package io.tuli.socketio;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** JSON of packets, bounded in depth; whatever is none is an IllegalArgumentException. */
final class SocketJson {

    private static final int DEPTH_MAX = 64;
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .build())
                    .build();

    private SocketJson() {}

    /** A list: the arguments of an event. */
    static List<@Nullable Object> list(String json) {
        if (value(json) instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw new IllegalArgumentException("an event is a list");
    }

    /** What a JSON text says. */
    static @Nullable Object value(String json) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("a packet has JSON: " + malformed.getMessage());
        }
    }

    static byte[] bytes(@Nullable Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
