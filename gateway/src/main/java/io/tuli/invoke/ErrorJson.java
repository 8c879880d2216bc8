package io.tuli.invoke;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.TuliException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Failures as Feathers' clients read them: name, message, code, class, data and errors. No stack,
 * and of what was not meant for callers no text. Stateless.
 */
public final class ErrorJson {

    private ErrorJson() {}

    /** What a call has failed with, whatever it is, as a refusal. */
    public static Refusal refusal(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case Refusal refusal -> refusal;
            case TuliException failed -> refusal(failed);
            case CancellationException cancelled -> Refusal.of(499, "Cancelled", "cancelled");
            case IllegalArgumentException broken -> Refusal.badRequest(text(broken));
            default -> Refusal.generalError("The gateway could not answer");
        };
    }

    private static Refusal refusal(TuliException failed) {
        Refusal refusal = Refusal.of(code(failed.failure()), name(failed.failure()), text(failed));
        if (failed.outcome() == Outcome.FAILED) {
            return refusal;
        }
        return refusal.data(Map.of("outcome", failed.outcome().name()));
    }

    private static String text(Throwable thrown) {
        String text = thrown.getMessage();
        return text == null ? "no reason given" : text;
    }

    private static int code(Failure failure) {
        return switch (failure) {
            case METHOD_NOT_ALLOWED -> 405;
            case HANDLER_FAILED -> 500;
            case BAD_REQUEST -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT, DEDUP_EXPIRED -> 409;
            case TOO_LARGE -> 413;
            case OVERLOADED, UNAVAILABLE, CLOSED -> 503;
            case TIMEOUT -> 408;
            case CANCELLED -> 499;
            case NOT_AUTHORISED -> 403;
            case DISK_FULL -> 507;
        };
    }

    private static String name(Failure failure) {
        return switch (failure) {
            case METHOD_NOT_ALLOWED -> "MethodNotAllowed";
            case HANDLER_FAILED -> "GeneralError";
            case BAD_REQUEST -> "BadRequest";
            case NOT_FOUND -> "NotFound";
            case CONFLICT, DEDUP_EXPIRED -> "Conflict";
            case TOO_LARGE -> "PayloadTooLarge";
            case OVERLOADED, UNAVAILABLE, CLOSED -> "Unavailable";
            case TIMEOUT -> "Timeout";
            case CANCELLED -> "Cancelled";
            case NOT_AUTHORISED -> "Forbidden";
            case DISK_FULL -> "InsufficientStorage";
        };
    }

    /** The refusal as JSON. Data that cannot be written are left out. */
    public static byte[] bytes(Refusal refusal, Codec codec) {
        try {
            return codec.encode(of(refusal)).bytes();
        } catch (RuntimeException unwritable) {
            return codec.encode(of(refusal.data(null).errors(Map.of()))).bytes();
        }
    }

    private static Map<String, @Nullable Object> of(Refusal refusal) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", refusal.name());
        json.put("message", refusal.text());
        json.put("code", refusal.code());
        json.put("className", className(refusal.name()));
        if (refusal.data() != null) {
            json.put("data", refusal.data());
        }
        if (!refusal.errors().isEmpty()) {
            json.put("errors", refusal.errors());
        }
        return json;
    }

    /** {@code NotFound} as {@code not-found}. */
    static String className(String name) {
        StringBuilder kebab = new StringBuilder();
        for (int at = 0; at < name.length(); at++) {
            char letter = name.charAt(at);
            if (at > 0
                    && Character.isUpperCase(letter)
                    && Character.isLowerCase(name.charAt(at - 1))) {
                kebab.append('-');
            }
            kebab.append(letter);
        }
        return kebab.toString().toLowerCase(Locale.ROOT);
    }

    /** Whether a result is nothing, or JSON null. */
    public static boolean isNothing(Payload result) {
        return result.isNone() || result.equals(Payload.NULL);
    }
}
