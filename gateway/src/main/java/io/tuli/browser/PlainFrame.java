package io.tuli.browser;

import io.tuli.Refusal;
import io.tuli.error.Excerpt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a plain client asks for, as its JSON says it.
 *
 * @param id as JSON, which its answer has; null where none is wanted
 * @param fields all that it says, the id included
 */
record PlainFrame(@Nullable String id, Map<?, ?> fields) {

    private static final int DEPTH_MAX = 64;
    private static final int ID_MAX = 64;
    private static final Set<String> CALL =
            Set.of("id", "service", "method", "key", "data", "query");
    private static final Set<String> SUBSCRIBE = Set.of("id", "subscribe", "key", "after");
    private static final Set<String> UNSUBSCRIBE = Set.of("id", "unsubscribe");
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    /** What a frame is for. */
    enum Kind {
        CALL,
        SUBSCRIBE,
        UNSUBSCRIBE
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is no JSON object, or its id is none: nobody knows
     *     what an answer would belong to
     */
    static PlainFrame of(String text) {
        Object value;
        try {
            value = MAPPER.readValue(text, Object.class);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("a frame is a JSON object", malformed);
        }
        if (!(value instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("a frame is a JSON object");
        }
        return new PlainFrame(fields.containsKey("id") ? id(fields.get("id")) : null, fields);
    }

    /** An id as JSON: two that are equal are written alike. */
    static String id(@Nullable Object id) {
        boolean isId = id instanceof Integer || id instanceof Long || id instanceof String;
        String json = isId ? MAPPER.writeValueAsString(id) : "";
        if (!isId || json.length() > ID_MAX) {
            throw new IllegalArgumentException("an id is a whole number or a text of at most 60");
        }
        return json;
    }

    /**
     * What it is for.
     *
     * @throws Refusal 400 where it says none of it, several, or what does not belong to it
     */
    Kind kind() {
        Kind kind = Kind.CALL;
        Set<String> known = CALL;
        if (fields.containsKey("subscribe")) {
            kind = Kind.SUBSCRIBE;
            known = SUBSCRIBE;
        } else if (fields.containsKey("unsubscribe")) {
            kind = Kind.UNSUBSCRIBE;
            known = UNSUBSCRIBE;
        }
        for (Object name : fields.keySet()) {
            if (!known.contains(name)) {
                throw Refusal.badRequest(
                        "a frame has service, method, key, data and query; or subscribe, key and"
                                + " after; or unsubscribe: "
                                + Excerpt.of(name));
            }
        }
        if (kind != Kind.CALL && id == null) {
            throw Refusal.badRequest("what has an end has an id");
        }
        return kind;
    }

    /**
     * A text that it must say.
     *
     * @throws Refusal 400
     */
    String text(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw Refusal.badRequest("a frame's " + name + " is a text");
    }

    @Nullable Object value(String name) {
        return fields.get(name);
    }

    // ---- answers -------------------------------------------------------------------------------

    /** What a call has come to. */
    static byte[] result(byte[] json) {
        return whole(bytes("\"result\":"), json);
    }

    /** Why it has come to nothing. */
    static byte[] error(byte[] json) {
        return whole(bytes("\"error\":"), json);
    }

    /** An event, and the place after it. */
    static byte[] event(String name, String place, byte[] json) {
        String quoted = MAPPER.writeValueAsString(name);
        return whole(bytes("\"event\":" + quoted + ",\"after\":\"" + place + "\",\"data\":"), json);
    }

    /** Something was missed; events go on after this place. */
    static byte[] reset(String place) {
        return bytes("\"reset\":true,\"after\":\"" + place + "\"");
    }

    /** A frame of what an id is told. */
    static byte[] frame(String id, byte[] said) {
        return whole(bytes("{\"id\":" + id + ","), said, bytes("}"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] whole(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(size);
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
