package io.tuli.rest;

import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.error.Excerpt;
import io.tuli.http.Request;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which method of a service a request means. Stateless. */
final class RestMethods {

    /** Those that have a verb of HTTP. */
    static final Set<String> SIX =
            Set.of(
                    Resource.FIND,
                    Resource.GET,
                    Resource.CREATE,
                    Resource.UPDATE,
                    Resource.PATCH,
                    Resource.REMOVE);

    private static final String CUSTOM = "X-Service-Method";

    private RestMethods() {}

    /**
     * The method's name in Feathers.
     *
     * @throws Refusal 405
     */
    static String of(Request request, @Nullable String id) {
        return switch (request.method()) {
            case "GET", "HEAD" -> id == null ? Resource.FIND : Resource.GET;
            case "POST" -> posted(request);
            case "PUT" -> Resource.UPDATE;
            case "PATCH" -> Resource.PATCH;
            case "DELETE" -> Resource.REMOVE;
            default ->
                    throw Refusal.methodNotAllowed(
                            "Method " + Excerpt.of(request.method()) + " is not supported");
        };
    }

    /** Whether a method has an id and a query at most. */
    static boolean isWithoutData(String method) {
        return switch (method) {
            case Resource.FIND, Resource.GET, Resource.REMOVE -> true;
            default -> false;
        };
    }

    private static String posted(Request request) {
        String custom = request.headers().get(CUSTOM);
        if (custom == null) {
            return Resource.CREATE;
        }
        if (SIX.contains(custom)) {
            throw Refusal.methodNotAllowed(
                    "Method `" + custom + "` is not supported by this endpoint.");
        }
        return custom;
    }
}
