package io.tuli;

import io.tuli.error.Nearest;
import io.tuli.error.Require;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A handler's No with a code of HTTP, a name, a message, data and errors by field. Throw it in a
 * handler, and the caller's call ends with an equal one, whichever member it is on: <code>
 * throw Refusal.unprocessable("a todo has a title").errors(Map.of("title", "is blank"))</code>.
 * Immutable; {@link #data} and {@link #errors} answer changed copies.
 *
 * <p>The named ones are the errors of Feathers, which its clients know by name; {@link #of(int,
 * String, String)} makes one of your own. What callers can do about it is {@link #failure()} and
 * {@link #category()}, which follow from the code: a refusal of 408, 429 or 503 may be asked again.
 *
 * <p>Nothing of a refused request is committed, so nothing of it is remembered: a repeat is decided
 * again. Data and errors travel as JSON, together in at most {@value #BYTES_MAX} bytes; beyond that
 * they are left out, and the message says so. They come as JSON-like values: texts, numbers,
 * booleans, lists, maps. {@link #getMessage()} gives no orders to a terminal; {@link #text()},
 * {@link #data()} and {@link #errors()} are as they were given, so escape them where you show them.
 * A stream that has begun and then breaks off tells failure and message alone.
 *
 * <p>After the errors of Feathers (feathersjs.com/api/errors).
 */
public final class Refusal extends TuliException {

    /** Code, name, text, data and errors have at most so many bytes of JSON. */
    public static final int BYTES_MAX = 64 * 1024;

    private static final long serialVersionUID = 1;
    private static final int CODE_MIN = 400;
    private static final int CODE_MAX = 599;
    private static final int NAME_MAX = 100;

    private static final Map<Integer, String> NAMES = names();

    private final int code;
    private final String name;
    private final String text;

    /** What a handler gives may be anything. */
    @SuppressWarnings("serial")
    private final @Nullable Object data;

    @SuppressWarnings("serial")
    private final Map<String, @Nullable Object> errors;

    private Refusal(
            Outcome outcome,
            int code,
            String name,
            String text,
            @Nullable Object data,
            Map<String, @Nullable Object> errors) {
        super(outcome, failureOf(code), text);
        this.code = code;
        this.name = name;
        this.text = text;
        this.data = data;
        this.errors = errors;
    }

    private static Map<Integer, String> names() {
        Map<Integer, String> names = new LinkedHashMap<>();
        names.put(400, "BadRequest");
        names.put(401, "NotAuthenticated");
        names.put(402, "PaymentError");
        names.put(403, "Forbidden");
        names.put(404, "NotFound");
        names.put(405, "MethodNotAllowed");
        names.put(406, "NotAcceptable");
        names.put(408, "Timeout");
        names.put(409, "Conflict");
        names.put(410, "Gone");
        names.put(411, "LengthRequired");
        names.put(422, "Unprocessable");
        names.put(429, "TooManyRequests");
        names.put(500, "GeneralError");
        names.put(501, "NotImplemented");
        names.put(502, "BadGateway");
        names.put(503, "Unavailable");
        names.put(507, "InsufficientStorage");
        return Collections.unmodifiableMap(names);
    }

    private static Failure failureOf(int code) {
        return switch (code) {
            case 400 -> Failure.BAD_REQUEST;
            case 401, 403 -> Failure.NOT_AUTHORISED;
            case 404, 410 -> Failure.NOT_FOUND;
            case 405 -> Failure.METHOD_NOT_ALLOWED;
            case 408 -> Failure.TIMEOUT;
            case 409 -> Failure.CONFLICT;
            case 413 -> Failure.TOO_LARGE;
            case 429 -> Failure.OVERLOADED;
            case 503 -> Failure.UNAVAILABLE;
            case 507 -> Failure.DISK_FULL;
            default -> Failure.HANDLER_FAILED;
        };
    }

    // ---- making one ----------------------------------------------------------------------------

    /** The error of Feathers with this code. */
    public static Refusal of(int code, String message) {
        String name = NAMES.get(code);
        if (name == null) {
            List<String> known = new ArrayList<>();
            NAMES.keySet().forEach(each -> known.add(each.toString()));
            throw new IllegalArgumentException(
                    "a code without a name is one of "
                            + known
                            + "; of(code, name, message) takes any of 400..599: "
                            + code
                            + Nearest.question(String.valueOf(code), known));
        }
        return of(code, name, message);
    }

    /**
     * One of your own.
     *
     * @param code 400..599
     * @param name letters, digits, {@code - _ .}, at most 100: by it callers tell it from others
     */
    public static Refusal of(int code, String name, String message) {
        Require.argument(isCode(code), "a code is 400..599", code);
        Require.argument(isName(name), "a name is [A-Za-z0-9_.-]{1,100}", name);
        return new Refusal(
                Outcome.FAILED, code, name, Objects.requireNonNull(message), null, Map.of());
    }

    /** Whether a refusal can have this code. */
    public static boolean isCode(int code) {
        return code >= CODE_MIN && code <= CODE_MAX;
    }

    /** Whether a refusal can have this name. */
    public static boolean isName(String text) {
        return text.length() <= NAME_MAX && ServiceConfig.isName(text);
    }

    public static Refusal badRequest(String message) {
        return of(400, message);
    }

    public static Refusal notAuthenticated(String message) {
        return of(401, message);
    }

    public static Refusal paymentError(String message) {
        return of(402, message);
    }

    public static Refusal forbidden(String message) {
        return of(403, message);
    }

    public static Refusal notFound(String message) {
        return of(404, message);
    }

    public static Refusal methodNotAllowed(String message) {
        return of(405, message);
    }

    public static Refusal notAcceptable(String message) {
        return of(406, message);
    }

    public static Refusal timeout(String message) {
        return of(408, message);
    }

    public static Refusal conflict(String message) {
        return of(409, message);
    }

    public static Refusal gone(String message) {
        return of(410, message);
    }

    public static Refusal lengthRequired(String message) {
        return of(411, message);
    }

    public static Refusal unprocessable(String message) {
        return of(422, message);
    }

    /** The same with data. */
    public static Refusal unprocessable(String message, Object data) {
        return unprocessable(message).data(data);
    }

    public static Refusal tooManyRequests(String message) {
        return of(429, message);
    }

    public static Refusal generalError(String message) {
        return of(500, message);
    }

    public static Refusal notImplemented(String message) {
        return of(501, message);
    }

    public static Refusal badGateway(String message) {
        return of(502, message);
    }

    public static Refusal unavailable(String message) {
        return of(503, message);
    }

    /** With data: a record or JSON-like values. */
    public Refusal data(@Nullable Object other) {
        return new Refusal(outcome(), code, name, text, other, errors);
    }

    /** With what is wrong, by field. */
    public Refusal errors(Map<String, ?> other) {
        Map<String, @Nullable Object> kept =
                Collections.unmodifiableMap(new LinkedHashMap<>(other));
        return new Refusal(outcome(), code, name, text, data, kept);
    }

    /** As the call of a caller ended with it. */
    public Refusal outcome(Outcome other) {
        return new Refusal(other, code, name, text, data, errors);
    }

    @Override
    public Refusal here() {
        return outcome(outcome());
    }

    // ---- what it says --------------------------------------------------------------------------

    /** 400..599, as in HTTP. */
    public int code() {
        return code;
    }

    /** By which callers tell it from others: {@code NotFound}. */
    public String name() {
        return name;
    }

    /** The message exactly as it was given: not for terminals. */
    public String text() {
        return text;
    }

    /** Null where there is none. */
    public @Nullable Object data() {
        return data;
    }

    /** What is wrong, by field; empty where nothing was said. */
    public Map<String, @Nullable Object> errors() {
        return errors;
    }
}
