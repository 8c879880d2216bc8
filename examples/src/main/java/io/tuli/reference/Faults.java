package io.tuli.reference;

import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fails, or does not answer, as asked. */
final class Faults {

    static final String NAME = "faults";

    private static final long NEVER_SECONDS = 60;
    private static final long SLOW_MILLIS = 500;

    private Faults() {}

    static Resource<Void> resource() {
        return Resource.of(NAME).method(Resource.GET, Faults::get);
    }

    private static @Nullable Object get(Message message, ResourceContext<Void> context)
            throws InterruptedException {
        String id = context.id().orElse("");
        return switch (id) {
            case "nothing" -> null;
            case "never" -> new CompletableFuture<>().orTimeout(NEVER_SECONDS, TimeUnit.SECONDS);
            case "slow" -> slow(context.query().raw().get("ms"));
            case "plain" -> throw new IllegalStateException("plain failure");
            default ->
                    throw refusal(id)
                            .data(Map.of("asked", true))
                            .errors(Map.of("title", "is wrong"));
        };
    }

    private static Object slow(@Nullable Object millis) throws InterruptedException {
        Thread.sleep(millis == null ? SLOW_MILLIS : Long.parseLong(millis.toString()));
        return Map.of("id", "slow", "slept", true);
    }

    private static Refusal refusal(String id) {
        try {
            return Refusal.of(Integer.parseInt(id), "asked for " + id);
        } catch (IllegalArgumentException unknown) {
            return Refusal.badRequest("no such fault: " + id);
        }
    }
}
