package io.tuli;

import io.tuli.arrival.KnownVerbs;
import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A resource as the handler of its service: each method with its hooks, composed once. */
final class ResourceHandler<T> implements Handler<T>, KnownVerbs {

    /** What is told of a record, with what the method answers. */
    private static final Map<String, String> EVENTS =
            Map.of(
                    Resource.CREATE, "created",
                    Resource.UPDATE, "updated",
                    Resource.PATCH, "patched",
                    Resource.REMOVE, "removed");

    /** The event that a method's writes tell; none of others. */
    static Stream<String> told(String method) {
        return Stream.ofNullable(EVENTS.get(method));
    }

    private final String name;
    private final boolean hasDocuments;
    private final Resource.@Nullable HeardBy heardBy;
    private final Map<String, Resource.Method<T>> methods = new LinkedHashMap<>();

    ResourceHandler(
            String name,
            boolean hasDocuments,
            Map<String, Resource.Method<T>> methods,
            List<Resource.Hooked> hooks,
            Resource.@Nullable HeardBy heardBy) {
        this.name = name;
        this.hasDocuments = hasDocuments;
        this.heardBy = heardBy;
        methods.forEach((method, own) -> this.methods.put(method, hooked(method, own, hooks)));
    }

    @Override
    public @Nullable Object handle(Message message, Turn<T> turn) throws Exception {
        Resource.Method<T> method = methods.get(message.verb());
        if (method == null) {
            throw Refusal.methodNotAllowed(lacking(message.verb()));
        }
        ResourceTurn<T> context = new ResourceTurn<>(name, message, turn, heardBy);
        Object result = method.call(message, context);
        boolean isOfRecord = hasDocuments && !message.key().isNone();
        String event = isOfRecord ? EVENTS.get(message.verb()) : null;
        if (event == null) {
            return result;
        }
        if (result instanceof CompletionStage<?> stage) {
            return stage.thenApply(value -> told(context, event, value));
        }
        return told(context, event, result);
    }

    @Override
    public @Nullable String whyNot(String verb) {
        return methods.containsKey(verb) ? null : lacking(verb);
    }

    private String lacking(String verb) {
        return "405 method not allowed: "
                + name
                + " has "
                + String.join(", ", methods.keySet())
                + ": "
                + Excerpt.of(verb)
                + Nearest.question(verb, methods.keySet());
    }

    private static @Nullable Object told(Turn<?> turn, String event, @Nullable Object result) {
        turn.event(event, result);
        return result;
    }

    private static <T> Resource.Method<T> hooked(
            String method, Resource.Method<T> own, List<Resource.Hooked> hooks) {
        Inside<T> inside = new Inside<>(own);
        List<Resource.Hook<T>> around = new ArrayList<>();
        for (Resource.Hooked each : hooks) {
            if (each.isFor(method)) {
                sort(each.hook(), inside, around);
            }
        }
        Resource.Method<T> whole = inside.isBare() ? own : inside;
        for (Resource.Hook<T> hook : around.reversed()) {
            Resource.Method<T> next = whole;
            whole = (message, context) -> hook.around(message, context, next);
        }
        return whole;
    }

    @SuppressWarnings("unchecked") // A resource takes only hooks of its own documents.
    private static <T> void sort(Object hook, Inside<T> inside, List<Resource.Hook<T>> around) {
        switch (hook) {
            case Resource.Before<?> before -> inside.before.add((Resource.Before<T>) before);
            case Resource.After<?> after -> inside.after.add((Resource.After<T>) after);
            case Resource.Failed<?> failed -> inside.failed.add((Resource.Failed<T>) failed);
            default -> around.add((Resource.Hook<T>) hook);
        }
    }

    /** A method with what runs before it, after it, and after a failure. */
    private static final class Inside<T> implements Resource.Method<T> {
        private final Resource.Method<T> own;
        private final List<Resource.Before<T>> before = new ArrayList<>();
        private final List<Resource.After<T>> after = new ArrayList<>();
        private final List<Resource.Failed<T>> failed = new ArrayList<>();

        Inside(Resource.Method<T> own) {
            this.own = own;
        }

        boolean isBare() {
            return before.isEmpty() && after.isEmpty() && failed.isEmpty();
        }

        @Override
        public @Nullable Object call(Message message, ResourceContext<T> context) throws Exception {
            try {
                Message asked = message;
                for (Resource.Before<T> hook : before) {
                    Message other = hook.before(asked, context);
                    asked = other == null ? asked : other;
                }
                Message sent = asked;
                Object result = own.call(sent, context);
                return result instanceof CompletionStage<?> stage
                        ? later(stage, sent, context)
                        : after(sent, context, result);
            } catch (Throwable thrown) {
                return failed(message, context, thrown);
            }
        }

        private @Nullable Object after(
                Message message, ResourceContext<T> context, @Nullable Object result)
                throws Exception {
            Object last = result;
            for (Resource.After<T> hook : after) {
                last = hook.after(message, context, last);
            }
            return last;
        }

        /** Whatever is thrown, an Error included, is the failure of this call alone. */
        private @Nullable Object failed(
                Message message, ResourceContext<T> context, Throwable thrown) throws Exception {
            Throwable last = thrown;
            for (Resource.Failed<T> hook : failed) {
                try {
                    return hook.failed(message, context, last);
                } catch (Throwable other) {
                    last = other;
                }
            }
            throw asException(last);
        }

        private static Exception asException(Throwable thrown) {
            if (thrown instanceof Error error) {
                throw error;
            }
            return thrown instanceof Exception exception
                    ? exception
                    : new IllegalStateException(thrown);
        }

        private CompletionStage<@Nullable Object> later(
                CompletionStage<?> stage, Message message, ResourceContext<T> context) {
            CompletableFuture<@Nullable Object> whole = new CompletableFuture<>();
            stage.whenComplete(
                    (value, thrown) -> {
                        try {
                            pass(ended(value, thrown, message, context), whole);
                        } catch (Throwable other) {
                            whole.completeExceptionally(other);
                        }
                    });
            return whole;
        }

        private @Nullable Object ended(
                @Nullable Object value,
                @Nullable Throwable thrown,
                Message message,
                ResourceContext<T> context)
                throws Exception {
            if (thrown != null) {
                return failed(message, context, thrown);
            }
            try {
                return after(message, context, value);
            } catch (Throwable other) {
                return failed(message, context, other);
            }
        }

        /** A hook may answer with a stage again. */
        private static void pass(
                @Nullable Object result, CompletableFuture<@Nullable Object> whole) {
            if (result instanceof CompletionStage<?> again) {
                again.whenComplete(
                        (value, thrown) -> {
                            if (thrown == null) {
                                whole.complete(value);
                            } else {
                                whole.completeExceptionally(thrown);
                            }
                        });
            } else {
                whole.complete(result);
            }
        }
    }
}
