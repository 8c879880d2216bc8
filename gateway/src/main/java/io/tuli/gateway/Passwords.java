package io.tuli.gateway;

import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import io.tuli.error.Require;
import io.tuli.login.PasswordHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps passwords of a resource's documents as hashes, and shows them to nobody: {@code
 * Resource.documents("users", Map.class).around("*", Passwords.hashed("password"))}. What is
 * created or changed has a password of 1 to 72 bytes, or none; no answer and no event has any, and
 * no query asks for one. Thread-safe.
 */
public final class Passwords {

    /** So many times the password is hashed, as a power of 2; existing hashes keep theirs. */
    public static final int COST = 10;

    private Passwords() {}

    /** A hook around all methods. */
    public static <T> Resource.Hook<T> hashed(String field) {
        Require.argument(!field.isEmpty() && field.indexOf('.') < 0, "a field has a name", field);
        return (message, context, next) -> {
            requireUnasked(field, context.query().raw());
            Object result = next.call(hashed(field, message, context), context);
            return result instanceof CompletionStage<?> stage
                    ? stage.thenApply(value -> without(field, value, context))
                    : without(field, result, context);
        };
    }

    private static Message hashed(String field, Message message, ResourceContext<?> context) {
        boolean isWrite =
                switch (context.method()) {
                    case Resource.FIND, Resource.GET, Resource.REMOVE -> false;
                    default -> true;
                };
        Object body = isWrite ? context.convert(message.body(Object.class), Object.class) : null;
        if (!(body instanceof Map<?, ?> data) || !data.containsKey(field)) {
            return message;
        }
        if (!(data.get(field) instanceof String password) || !PasswordHash.isPossible(password)) {
            throw Refusal.badRequest(
                    "a password is a text of 1 to " + PasswordHash.BYTES_MAX + " bytes");
        }
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        data.forEach((name, value) -> changed.put(String.valueOf(name), value));
        changed.put(field, PasswordHash.bcrypt(password, COST));
        return message.carrying(changed);
    }

    private static void requireUnasked(String field, @Nullable Object query) {
        if (query instanceof Map<?, ?> names) {
            names.forEach(
                    (name, value) -> {
                        String text = String.valueOf(name);
                        if (text.equals(field) || text.startsWith(field + ".")) {
                            throw Refusal.badRequest("a query does not ask for " + field);
                        }
                        requireUnasked(field, value);
                    });
        } else if (query instanceof List<?> list) {
            list.forEach(each -> requireUnasked(field, each));
        }
    }

    private static @Nullable Object without(
            String field, @Nullable Object value, ResourceContext<?> context) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> record -> {
                Map<String, @Nullable Object> shown = new LinkedHashMap<>();
                record.forEach((name, each) -> shown.put(String.valueOf(name), each));
                shown.remove(field);
                yield shown;
            }
            case List<?> list -> {
                List<@Nullable Object> shown = new ArrayList<>();
                list.forEach(each -> shown.add(without(field, each, context)));
                yield shown;
            }
            case Page<?> page -> {
                List<Object> shown = new ArrayList<>();
                page.data()
                        .forEach(
                                each -> {
                                    Object one = without(field, each, context);
                                    if (one != null) {
                                        shown.add(one);
                                    }
                                });
                yield new Page<>(page.total(), page.limit(), page.skip(), shown);
            }
            case String text -> text;
            case Number number -> number;
            case Boolean truth -> truth;
            default -> without(field, context.convert(value, Object.class), context);
        };
    }
}
