package io.tuli.rest;

import io.tuli.Resource;
import io.tuli.ServiceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is exposed, as an OpenAPI 3.1 document: JSON-like values. It is made of what services say of
 * themselves; those that say no methods may have any. Stateless.
 */
final class OpenApi {

    private OpenApi() {}

    /**
     * One service that is exposed.
     *
     * @param isOpen whether it does not say which methods it has, and any may be called
     * @param methods that can be called here, as far as it says
     * @param isMany whether patch and remove are of all that match, too
     */
    record Told(
            String path,
            String application,
            String version,
            boolean isOpen,
            Set<String> methods,
            Set<String> events,
            boolean isMany) {

        Told {
            TreeSet<String> callable = new TreeSet<>();
            methods.stream().filter(ServiceConfig::isName).forEach(callable::add);
            methods = callable;
            events = new TreeSet<>(events);
        }

        boolean has(String method) {
            return isOpen || methods.contains(method);
        }

        Set<String> own() {
            Set<String> own = new TreeSet<>(methods);
            own.removeAll(RestMethods.SIX);
            return own;
        }
    }

    /**
     * The document.
     *
     * @param loginPath where clients log in; null where they cannot
     */
    static Map<String, Object> document(List<Told> services, @Nullable String loginPath) {
        Map<String, Object> paths = new LinkedHashMap<>();
        List<Object> tags = new ArrayList<>();
        for (Told each : services) {
            tags.add(tag(each));
            put(paths, "/" + each.path(), collection(each));
            put(paths, "/" + each.path() + "/{id}", record(each));
        }
        if (loginPath != null) {
            paths.put("/" + loginPath, login());
        }
        paths.put("/health/ready", health());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.1");
        document.put("info", info());
        document.put("servers", List.of(Map.of("url", "/")));
        if (!tags.isEmpty()) {
            document.put("tags", tags);
        }
        document.put("paths", paths);
        document.put("components", OpenApiParts.components(loginPath != null));
        if (loginPath != null) {
            document.put("security", List.of(Map.of(), Map.of("bearer", List.of())));
        }
        return document;
    }

    private static Map<String, Object> info() {
        return ordered(
                "title", "Services at this gateway",
                "version", "1",
                "description",
                        "What is exposed and served now. Records are JSON objects with an id; a"
                                + " service's own methods are posts that name them in"
                                + " X-Service-Method.");
    }

    private static void put(Map<String, Object> paths, String path, Map<String, Object> item) {
        if (!item.isEmpty()) {
            paths.put(path, item);
        }
    }

    private static Map<String, Object> tag(Told service) {
        Map<String, Object> tag = ordered("name", service.path());
        List<String> words = new ArrayList<>();
        if (!service.application().isEmpty()) {
            words.add("application " + service.application());
        }
        if (!service.version().isEmpty()) {
            words.add("version " + service.version());
        }
        if (!words.isEmpty()) {
            tag.put("description", String.join(", ", words));
        }
        if (!service.events().isEmpty()) {
            tag.put("x-events", List.copyOf(service.events()));
        }
        return tag;
    }

    // ---- a service's path ----------------------------------------------------------------------

    private static Map<String, Object> collection(Told service) {
        Map<String, Object> item = new LinkedHashMap<>();
        if (service.has(Resource.FIND)) {
            item.put("get", find(service));
        }
        boolean isOpen = service.isOpen() || !service.own().isEmpty();
        if (service.has(Resource.CREATE) || isOpen) {
            item.put("post", post(service, isOpen));
        }
        if (service.isMany() && service.has(Resource.PATCH)) {
            item.put("patch", many(service, Resource.PATCH));
        }
        if (service.isMany() && service.has(Resource.REMOVE)) {
            item.put("delete", many(service, Resource.REMOVE));
        }
        return item;
    }

    private static Map<String, Object> find(Told service) {
        Map<String, Object> operation = operation(service, Resource.FIND, "Find records");
        List<Object> parameters = new ArrayList<>(OpenApiParts.queryParameters());
        Map<String, Object> content = OpenApiParts.json(OpenApiParts.schema("Found"));
        if (!service.events().isEmpty()) {
            content.put("text/event-stream", Map.of("schema", Map.of("type", "string")));
            parameters.add(OpenApiParts.lastEventId());
            operation.put("x-events", List.copyOf(service.events()));
        }
        operation.put("parameters", parameters);
        operation.put("responses", OpenApiParts.responses("200", "What was found", content));
        return operation;
    }

    /** Create, and the service's own methods, which a header names. */
    private static Map<String, Object> post(Told service, boolean isOpen) {
        boolean hasCreate = service.has(Resource.CREATE);
        Map<String, Object> operation =
                operation(
                        service,
                        hasCreate ? Resource.CREATE : "call",
                        !isOpen
                                ? "Create a record"
                                : hasCreate
                                        ? "Create a record, or call a method"
                                        : "Call a method");
        List<Object> parameters = new ArrayList<>();
        if (isOpen) {
            parameters.add(OpenApiParts.method(service.own(), !hasCreate));
        }
        parameters.add(OpenApiParts.idempotencyKey());
        operation.put("parameters", parameters);
        operation.put("requestBody", OpenApiParts.body(hasCreate && !isOpen));
        Map<String, Object> responses = new LinkedHashMap<>();
        if (hasCreate) {
            responses.put("201", OpenApiParts.response("The record", "Record"));
        }
        if (isOpen) {
            responses.put("200", OpenApiParts.response("What the method answers", "Any"));
            responses.put("204", Map.of("description", "The method answers nothing"));
        }
        operation.put("responses", OpenApiParts.orError(responses));
        return operation;
    }

    private static Map<String, Object> many(Told service, String method) {
        Map<String, Object> operation =
                operation(service, method + "-many", "Of all records that match");
        operation.put("parameters", OpenApiParts.queryParameters());
        if (method.equals(Resource.PATCH)) {
            operation.put("requestBody", OpenApiParts.body(true));
        }
        operation.put(
                "responses",
                OpenApiParts.responses(
                        "200", "The records", OpenApiParts.json(OpenApiParts.schema("Records"))));
        return operation;
    }

    // ---- a record's path -----------------------------------------------------------------------

    private static Map<String, Object> record(Told service) {
        Map<String, Object> item = new LinkedHashMap<>();
        one(item, "get", service, Resource.GET, "Get a record");
        one(item, "put", service, Resource.UPDATE, "Replace a record");
        one(item, "patch", service, Resource.PATCH, "Set fields of a record");
        one(item, "delete", service, Resource.REMOVE, "Remove a record");
        if (!item.isEmpty()) {
            item.put("parameters", List.of(OpenApiParts.id()));
        }
        return item;
    }

    private static void one(
            Map<String, Object> item, String verb, Told service, String method, String summary) {
        if (!service.has(method)) {
            return;
        }
        Map<String, Object> operation = operation(service, method, summary);
        if (verb.startsWith("p")) {
            operation.put("requestBody", OpenApiParts.body(true));
        }
        operation.put(
                "responses",
                OpenApiParts.orError(
                        ordered("200", OpenApiParts.response("The record", "Record"))));
        item.put(verb, operation);
    }

    private static Map<String, Object> operation(Told service, String name, String summary) {
        return ordered(
                "operationId",
                service.path() + ":" + name,
                "summary",
                summary,
                "tags",
                List.of(service.path()));
    }

    // ---- what is the gateway's own -------------------------------------------------------------

    private static Map<String, Object> login() {
        Map<String, Object> in = ordered("operationId", "login", "summary", "Log in");
        in.put("security", List.of());
        in.put("requestBody", OpenApiParts.body(true));
        in.put(
                "responses",
                OpenApiParts.orError(
                        ordered("201", OpenApiParts.response("A token, and whose it is", "Any"))));
        Map<String, Object> out = ordered("operationId", "logout", "summary", "Log out");
        out.put("security", List.of(Map.of("bearer", List.of())));
        out.put(
                "responses",
                OpenApiParts.orError(ordered("200", OpenApiParts.response("Whose it was", "Any"))));
        return ordered("post", in, "delete", out);
    }

    private static Map<String, Object> health() {
        Map<String, Object> operation = ordered("operationId", "ready", "security", List.of());
        operation.put("summary", "Whether clients should come");
        operation.put(
                "responses",
                ordered(
                        "200", Map.of("description", "They should"),
                        "503", Map.of("description", "It is closing")));
        return ordered("get", operation);
    }

    /** Names and values in turn, in this order. */
    static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            map.put((String) namesAndValues[at], namesAndValues[at + 1]);
        }
        return map;
    }
}
