package io.tuli.reference;

import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers what it was asked: what reached the service, as the service sees it. */
final class Echo {

    static final String NAME = "echo";

    private static final Set<String> WITHOUT_ID = Set.of(Resource.FIND, Resource.CREATE, "shout");
    private static final Set<String> WITHOUT_DATA =
            Set.of(Resource.FIND, Resource.GET, Resource.REMOVE);

    private Echo() {}

    static Resource<Void> resource() {
        Resource<Void> echo = Resource.of(NAME);
        for (String method :
                List.of(
                        Resource.GET,
                        Resource.CREATE,
                        Resource.UPDATE,
                        Resource.PATCH,
                        Resource.REMOVE,
                        "shout")) {
            echo = echo.method(method, Echo::seen);
        }
        return echo.method(Resource.FIND, (message, context) -> List.of(seen(message, context)));
    }

    private static Map<String, Object> seen(Message message, ResourceContext<Void> context) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("method", context.method());
        if (!WITHOUT_ID.contains(context.method())) {
            seen.put("id", id(message, context));
        }
        if (!WITHOUT_DATA.contains(context.method())) {
            Object data = context.convert(message.body());
            seen.put("data", data == null ? Map.of() : data);
        }
        String query = message.headers().get("query");
        seen.put("query", query == null ? Map.of() : context.convert(Payload.json(query)));
        seen.put("provider", message.headers().get("provider"));
        Object user = message.caller().claims().get("user");
        if (user instanceof Map<?, ?> known && !known.isEmpty()) {
            seen.put("user", user);
        }
        seen.put("fromRemote", message.caller().isRemote());
        if (message.headers().containsKey("x-kit")) {
            seen.put("header", message.headers().get("x-kit"));
        }
        return seen;
    }

    /** The id as the caller gave it: a number, where it was one. */
    static Object id(Message message, ResourceContext<?> context) {
        String typed = message.headers().get("id");
        Object id = typed == null ? null : context.convert(Payload.json(typed));
        return id == null ? context.id().orElse("") : id;
    }
}
