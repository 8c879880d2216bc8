package io.tuli.rest;

import static io.tuli.rest.OpenApi.ordered;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parts that operations of an OpenAPI document have in common. Stateless. */
final class OpenApiParts {

    private static final String JSON = "application/json";

    private OpenApiParts() {}

    static Map<String, Object> schema(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    static Map<String, Object> json(Map<String, Object> schema) {
        return ordered(JSON, Map.of("schema", schema));
    }

    static Map<String, Object> response(String description, String schema) {
        return ordered("description", description, "content", json(schema(schema)));
    }

    static Map<String, Object> responses(
            String status, String description, Map<String, Object> content) {
        return orError(ordered(status, ordered("description", description, "content", content)));
    }

    /** The same, and that any other status is an error. */
    static Map<String, Object> orError(Map<String, Object> responses) {
        responses.put("default", Map.of("$ref", "#/components/responses/Error"));
        return responses;
    }

    static Map<String, Object> body(boolean isRecord) {
        return ordered("required", isRecord, "content", json(schema(isRecord ? "Fields" : "Any")));
    }

    // ---- parameters ----------------------------------------------------------------------------

    static Map<String, Object> id() {
        return ordered(
                "name",
                "id",
                "in",
                "path",
                "required",
                true,
                "schema",
                Map.of("type", "string", "minLength", 1));
    }

    static List<Object> queryParameters() {
        List<Object> all = new ArrayList<>();
        for (String each : List.of("$limit", "$skip")) {
            all.add(query(each, Map.of("type", "integer", "minimum", 0), "Part of the result"));
        }
        all.add(
                ordered(
                        "name",
                        "where",
                        "in",
                        "query",
                        "style",
                        "form",
                        "explode",
                        true,
                        "description",
                        "Fields as done=true, operators as age[$gt]=7, $sort[name]=1,"
                                + " $select[]=name",
                        "schema",
                        ordered("type", "object", "additionalProperties", true)));
        return all;
    }

    private static Map<String, Object> query(
            String name, Map<String, Object> schema, String description) {
        return ordered("name", name, "in", "query", "description", description, "schema", schema);
    }

    static Map<String, Object> lastEventId() {
        return header(
                "Last-Event-ID",
                "With Accept: text/event-stream, the events after this one",
                Map.of("type", "string"));
    }

    static Map<String, Object> idempotencyKey() {
        return header(
                "Idempotency-Key",
                "A repeat with the same one is executed once",
                Map.of("type", "string"));
    }

    /**
     * The header that names a method of a service's own.
     *
     * @param own empty where the service does not say which it has
     */
    static Map<String, Object> method(Set<String> own, boolean isRequired) {
        Map<String, Object> schema = ordered("type", "string");
        if (!own.isEmpty()) {
            schema.put("enum", List.copyOf(own));
        }
        Map<String, Object> header =
                header("X-Service-Method", "A method of the service's own", schema);
        header.put("required", isRequired);
        return header;
    }

    private static Map<String, Object> header(
            String name, String description, Map<String, Object> schema) {
        return ordered("name", name, "in", "header", "description", description, "schema", schema);
    }

    // ---- components ----------------------------------------------------------------------------

    static Map<String, Object> components(boolean hasLogin) {
        Map<String, Object> components = ordered("schemas", schemas());
        components.put("responses", ordered("Error", response("What went wrong", "Error")));
        if (hasLogin) {
            components.put(
                    "securitySchemes",
                    ordered(
                            "bearer",
                            ordered("type", "http", "scheme", "bearer", "bearerFormat", "JWT")));
        }
        return components;
    }

    private static Map<String, Object> schemas() {
        Map<String, Object> text = Map.of("type", "string");
        Map<String, Object> whole = Map.of("type", "integer");
        Map<String, Object> records = ordered("type", "array", "items", schema("Record"));
        return ordered(
                "Any", Map.of(),
                "Fields", ordered("type", "object", "additionalProperties", true),
                "Record",
                        ordered(
                                "type",
                                "object",
                                "properties",
                                ordered("id", Map.of("type", List.of("string", "number"))),
                                "additionalProperties",
                                true),
                "Records", records,
                "Found",
                        ordered(
                                "anyOf",
                                List.of(
                                        records,
                                        ordered(
                                                "type",
                                                "object",
                                                "properties",
                                                ordered(
                                                        "total", whole,
                                                        "limit", whole,
                                                        "skip", whole,
                                                        "data", records)),
                                        Map.of())),
                "Error",
                        ordered(
                                "type", "object",
                                "properties",
                                        ordered(
                                                "name", text,
                                                "message", text,
                                                "code", whole,
                                                "className", text,
                                                "data", Map.of(),
                                                "errors", Map.of()),
                                "required", List.of("name", "message", "code", "className")));
    }
}
