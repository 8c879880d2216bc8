package io.tuli.demo;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a member process tells the one that started it, a line of JSON each. The pipe is not part of
 * the mesh, so the audit does not measure the mesh with itself.
 *
 * @param kind what it tells
 * @param key of the document, or the member's id
 * @param value the document, or an address
 */
record Line(Kind kind, String key, @Nullable JsonNode value) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The kinds of lines. */
    enum Kind {
        READY,
        ROUTE,
        AIRPORT,
        END
    }

    static Line ready(String memberId) {
        return new Line(Kind.READY, memberId, null);
    }

    static Line document(Kind kind, String key, Object document) {
        return new Line(kind, key, JSON.valueToTree(document));
    }

    static Line end() {
        return new Line(Kind.END, "", null);
    }

    /** Reads a line. */
    static Line parse(String text) {
        try {
            return JSON.readValue(text, Line.class);
        } catch (JacksonException e) {
            throw new DemoException("a member process speaks in lines of JSON, and said: " + text);
        }
    }

    /** The document as a {@code type}. */
    <T> T document(Class<T> type) {
        if (value == null) {
            throw new DemoException("a line of kind " + kind + " has a document: key=" + key);
        }
        return JSON.treeToValue(value, type);
    }

    /** The line as text, without its end. */
    String text() {
        return JSON.writeValueAsString(this);
    }
}
