package io.tuli.reference;

import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the replicas serve, and what comes late. */
final class Replicas {

    static final String INSTANCES = "instances";
    static final String LATE = "late";

    private Replicas() {}

    /** Says which replica answers. */
    static Resource<Void> instances(String instance) {
        Map<String, Object> own =
                Map.of("instance", instance, "pid", ProcessHandle.current().pid());
        return Resource.of(INSTANCES)
                .method(Resource.GET, (message, context) -> with(Echo.id(message, context), own))
                .method(Resource.CREATE, (message, context) -> with(1, own));
    }

    /** Three methods, of which one tells an event. */
    static Resource<Object> late() {
        return Resource.documents(LATE, Object.class)
                .heardBy(Backend.EVERYBODY)
                .without(Resource.FIND, Resource.UPDATE, Resource.PATCH, Resource.REMOVE)
                .method(
                        Resource.GET,
                        (message, context) -> with(Echo.id(message, context), Map.of("late", true)))
                .method(Resource.CREATE, (message, context) -> with(1, data(message, context)))
                .method(
                        "nudge",
                        (message, context) -> Map.of("nudged", data(message, context).get("text")));
    }

    private static Map<String, Object> with(Object id, Map<String, ?> more) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("id", id);
        record.putAll(more);
        return record;
    }

    private static Map<String, Object> data(Message message, ResourceContext<?> context) {
        Map<String, Object> data = new LinkedHashMap<>();
        Map<?, ?> given = context.convert(message.body(), Map.class);
        if (given != null) {
            given.forEach((name, value) -> data.put(String.valueOf(name), value));
        }
        return data;
    }
}
