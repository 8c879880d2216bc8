package io.tuli.reference;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import io.tuli.Service;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services of the process {@code backend}. */
final class Backend {

    static final String TODOS = "todos";
    static final String PLACES = "area.places";
    static final String CONSTANTS = "constants";
    static final String MESSAGES = "messages";

    /** Nothing of it is protected. */
    static final Resource.HeardBy EVERYBODY = (event, told) -> Set.of("everybody");

    /** All events of one partition come in one order, whichever records they are of. */
    private static final int ONE_ORDER = 1;

    private static final Duration SYNC = Duration.ofSeconds(60);

    private Backend() {}

    static void serve(Mesh mesh) {
        Service<?> todos = mesh.serve(todos().config().partitions(ONE_ORDER));
        Service<?> places = mesh.serve(places().config());
        Service<?> messages = mesh.serve(messages().config());
        mesh.serve(constants().config());
        mesh.serve(Echo.resource().config());
        mesh.serve(Faults.resource().config());
        todos.awaitSync(SYNC);
        places.awaitSync(SYNC);
        messages.awaitSync(SYNC);
    }

    private static Resource<Object> todos() {
        return Resource.documents(TODOS, Object.class).heardBy(EVERYBODY);
    }

    private static Resource<Object> places() {
        return Resource.documents(PLACES, Object.class).withoutPages().heardBy(EVERYBODY);
    }

    private static Resource<Void> constants() {
        return Resource.of(CONSTANTS)
                .method(Resource.FIND, (message, context) -> List.of(constant(1)))
                .method(Resource.GET, (message, context) -> constant(Echo.id(message, context)));
    }

    private static Map<String, Object> constant(Object id) {
        return Map.of("id", id, "title", "constant");
    }

    /** Only created, with two methods and an event of its own. */
    private static Resource<Object> messages() {
        return Resource.documents(MESSAGES, Object.class)
                .without(
                        Resource.FIND,
                        Resource.GET,
                        Resource.UPDATE,
                        Resource.PATCH,
                        Resource.REMOVE)
                .method("shout", Backend::shout)
                .method("announce", Backend::announce)
                .heardBy((event, told) -> Set.of(channel(told.get("room"))));
    }

    /** Those that have logged in, or those of a room. */
    private static String channel(@Nullable Object room) {
        return room == null ? "authenticated" : "rooms/" + room;
    }

    private static Object shout(Message message, ResourceContext<Object> context) {
        Map<?, ?> data = context.convert(message.body(), Map.class);
        String text = data == null ? "" : String.valueOf(data.get("text"));
        return Map.of("text", text.toUpperCase(Locale.ROOT));
    }

    private static Object announce(Message message, ResourceContext<Object> context) {
        context.event("announced", message.body());
        return Map.of("announced", true);
    }
}
