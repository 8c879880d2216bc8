package io.tuli.codec;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.TuliException;
import io.tuli.codec.JsonCheck.Verdict.Kind;
import io.tuli.document.ValueExcerpt;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Thrown;
import io.tuli.type.TypeOf;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.ObjectMapper;

/**
 * Values as JSON, byte arrays as they are. Immutable and thread-safe.
 *
 * <p>Equal values give equal bytes on every machine: a record's components come in their order,
 * other objects' properties by name, maps and sets in their own order or, where they have none,
 * sorted. Nothing depends on locale, time zone or the order a class was loaded in. No class name is
 * ever written or read; fields that a type does not know are passed over, fields it misses are null
 * or zero.
 *
 * <p>Numbers lose nothing: read as {@code Object}, a fraction is a {@code Double} where that writes
 * back as the same text, else a {@code BigDecimal}; an integer is an {@code Integer}, {@code Long}
 * or {@code BigInteger}.
 */
public sealed class JsonCodec implements Codec permits OwnCodec {
    private final int depthMax;
    private final int messageBytes;
    private final Object making = new Object();

    /** Made for the first object: bytes need none, and to load its classes takes long. */
    private volatile @Nullable ObjectMapper mapper;

    public JsonCodec(Limits limits) {
        this.depthMax = limits.documentDepth();
        this.messageBytes = limits.messageBytes();
    }

    /** Loads the classes that mapping objects takes; else the first object does. */
    public static void load() {
        Mapping.mapper();
    }

    private ObjectMapper mapper() {
        ObjectMapper made = mapper;
        if (made == null) {
            synchronized (making) {
                made = mapper;
                if (made == null) {
                    made = Mapping.mapper();
                    mapper = made;
                }
            }
        }
        return made;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A JSON payload is checked, and freed of white space; NaN and infinities are refused, for
     * JSON has no such numbers. A byte array is copied. Any other value is written to twice the
     * bytes that a message may have, and no further: it may have no end.
     */
    @Override
    public Payload encode(@Nullable Object value) {
        if (value == null) {
            return Payload.NULL;
        }
        if (value instanceof Payload payload) {
            return payload.format() == Format.JSON ? admit(payload.bytes(), payload) : payload;
        }
        if (value instanceof byte[] bytes) {
            return Payload.opaque(bytes.clone());
        }
        if (value instanceof String text) {
            return Payload.of(Format.JSON, JsonString.quote(text));
        }
        return admit(write(value), value);
    }

    @Override
    public <T> @Nullable T decode(Payload payload, Class<T> type) {
        Object value =
                switch (payload.format()) {
                    case NONE -> null;
                    case JSON -> type == Payload.class ? payload : read(payload.bytes(), type);
                    case OPAQUE -> opaque(payload, type);
                };
        @SuppressWarnings("unchecked") // Reading made it one; a primitive's class cannot cast.
        T typed = (T) value;
        return typed;
    }

    @Override
    @SuppressWarnings("unchecked") // reading made it one
    public <T> @Nullable T decode(Payload payload, TypeOf<T> type) {
        return (T) decode(payload, type.type());
    }

    /**
     * The payload as a generic type, such as a {@code List<Cart>}.
     *
     * @return null for {@link Payload#NONE} and for JSON null
     * @throws TuliException BAD_REQUEST when it is no such type
     */
    public @Nullable Object decode(Payload payload, Type type) {
        if (type instanceof Class<?> whole) {
            return decode(payload, whole);
        }
        if (payload.isNone()) {
            return null;
        }
        if (payload.format() == Format.OPAQUE) {
            throw refused("opaque bytes are no " + Excerpt.of(type.getTypeName()));
        }
        try {
            ObjectMapper objects = mapper();
            return objects.readValue(payload.bytes(), objects.constructType(type));
        } catch (Throwable unreadable) {
            // The type is the user's: whatever it throws, an Error included, refuses the bytes.
            throw refused(
                    "a value must be readable as its type: type="
                            + type.getTypeName()
                            + " reason="
                            + reason(unreadable));
        }
    }

    /**
     * Requires that a whole document of a service's type, or anything where those have no fields,
     * is not put at a key inside another document that has no place for it.
     *
     * @throws TuliException BAD_REQUEST
     */
    public void requirePlace(String service, Class<?> type, Key key, @Nullable Object value) {
        if (key.isTop() || value == null || type == Object.class) {
            return;
        }
        boolean isWhole = type.isInstance(value) || TypePaths.isScalar(type);
        if (isWhole && !mayHold(type, key, value.getClass())) {
            throw refused(
                    "a whole document is written at a key of its own: service="
                            + service
                            + " type="
                            + type.getTypeName()
                            + " key="
                            + Excerpt.of(key)
                            + " points inside the document "
                            + Excerpt.of(key.top())
                            + "; a dot separates, so Key.of(name) is the key of a name with dots");
        }
    }

    /**
     * Whether a value of a class has a place at a key inside documents of a type, so far as that
     * can be known: false is sure.
     */
    boolean mayHold(Class<?> document, Key key, Class<?> value) {
        try {
            return new TypePaths(mapper()).mayHold(document, key.below(), value);
        } catch (Throwable unknown) {
            // Users' classes are looked at here: what is wrong with them is told elsewhere.
            return true;
        }
    }

    /**
     * Why a valid payload cannot be read as a type, in few words; null if it can. Bytes are bytes:
     * of JSON, a {@code byte[]} takes null alone, though its texts might be read as Base64.
     */
    public @Nullable String unreadable(Payload payload, Type type) {
        if (payload.isNone() || type == Payload.class || type == Object.class) {
            return null;
        }
        if (payload.format() == Format.OPAQUE) {
            return type == byte[].class
                    ? null
                    : facts(type, "it is opaque: bytes=" + payload.sizeBytes());
        }
        if (type == byte[].class) {
            return payload.equals(Payload.NULL)
                    ? null
                    : facts(type, "it is JSON: " + ValueExcerpt.of(payload));
        }
        if (type == Map.class && payload.bytes()[0] == '{') {
            return null;
        }
        try {
            ObjectMapper objects = mapper();
            objects.readValue(payload.bytes(), objects.constructType(type));
            return null;
        } catch (Throwable unreadable) {
            return facts(type, unreadable);
        }
    }

    /**
     * A text that a person typed: the JSON value it is, else the text itself as a JSON string.
     *
     * @throws TuliException TOO_LARGE when it is JSON, but nests too deep; BAD_REQUEST when it
     *     begins like JSON - with a brace, a bracket or a quote - and is none
     */
    public Payload parseText(String text) {
        byte[] json = JsonString.utf8(text);
        JsonCheck.Verdict verdict = JsonCheck.of(json, depthMax);
        boolean isText = verdict.kind() == Kind.NOT_JSON && !beginsLikeJson(json);
        return isText
                ? Payload.of(Format.JSON, JsonString.quote(text))
                : admitted(json, verdict, text);
    }

    private static boolean beginsLikeJson(byte[] text) {
        int start = JsonText.skipSpace(text, 0);
        return start < text.length
                && (text[start] == '{' || text[start] == '[' || text[start] == '"');
    }

    /**
     * Requires that a payload from elsewhere is what it says: one JSON text, and not nested too
     * deep where the key puts it.
     *
     * @throws TuliException BAD_REQUEST or TOO_LARGE
     */
    public void requireValid(Key key, Payload payload) {
        int left = depthMax - key.below().size();
        if (left < 0) {
            throw tooDeep("the value at " + Excerpt.of(key), depthMax);
        }
        if (payload.format() == Format.JSON) {
            JsonCheck.Verdict verdict = JsonCheck.of(payload.bytes(), left);
            if (!verdict.isJson()) {
                throw refused(payload.bytes(), verdict, "the value at " + Excerpt.of(key));
            }
        }
    }

    private byte[] write(Object value) {
        BoundedBytes json = new BoundedBytes(2L * messageBytes);
        try {
            mapper().writeValue(json, value);
            return json.toByteArray();
        } catch (StreamConstraintsException nested) {
            throw tooDeep("a " + value.getClass().getTypeName(), depthMax);
        } catch (Throwable unwritable) {
            if (json.isOver()) {
                throw tooLong(value.getClass());
            }
            // The value's class is the user's: whatever it throws, an Error included, refuses it.
            throw refused("a value must be writable as JSON", value.getClass(), unwritable);
        }
    }

    /** Bytes that become a payload, if they are JSON that can be read back. */
    private Payload admit(byte[] json, Object value) {
        JsonCheck.Verdict verdict = JsonCheck.of(json, depthMax);
        boolean isAsItWas = verdict.isJson() && !verdict.hasSpace();
        return isAsItWas && value instanceof Payload payload
                ? payload
                : admitted(json, verdict, value);
    }

    private Payload admitted(byte[] json, JsonCheck.Verdict verdict, Object value) {
        if (!verdict.isJson()) {
            throw refused(json, verdict, "a " + value.getClass().getTypeName());
        }
        return json(json, verdict);
    }

    private static Payload json(byte[] json, JsonCheck.Verdict verdict) {
        return Payload.of(Format.JSON, verdict.hasSpace() ? JsonCheck.compact(json) : json);
    }

    private @Nullable Object read(byte[] json, Class<?> type) {
        try {
            return mapper().readValue(json, type);
        } catch (Throwable unreadable) {
            // The type is the user's: whatever it throws, an Error included, refuses the bytes.
            throw refused("a value must be readable as its type", type, unreadable);
        }
    }

    private static Object opaque(Payload payload, Class<?> type) {
        if (type == Payload.class) {
            return payload;
        }
        if (type.isAssignableFrom(byte[].class)) {
            return payload.bytes().clone();
        }
        throw refused(
                "opaque bytes can only be read as byte[], Payload or Object: type="
                        + type.getTypeName()
                        + " bytes="
                        + payload.sizeBytes());
    }

    private TuliException refused(byte[] json, JsonCheck.Verdict verdict, String what) {
        return switch (verdict.kind()) {
            case TOO_DEEP -> tooDeep(what, depthMax);
            case NAME_REPEATED ->
                    refused("an object has each name once: offset=" + verdict.at() + " in " + what);
            case NAME_HALVED ->
                    refused(
                            "a name has no half of a surrogate pair: offset="
                                    + verdict.at()
                                    + " in "
                                    + what);
            case NUMBER_TOO_LONG ->
                    refused(
                            "a number has at most "
                                    + JsonCheck.NUMBER_CHARS_MAX
                                    + " characters and an exponent of "
                                    + JsonCheck.EXPONENT_DIGITS_MAX
                                    + " digits: number="
                                    + rest(json, verdict.at())
                                    + " in "
                                    + what
                                    + "; send a string instead");
            case JSON, NOT_JSON -> notJson(json, verdict.at(), what);
        };
    }

    private static TuliException notJson(byte[] json, int at, String what) {
        String rest = rest(json, at);
        if (rest.matches("(?s)[+-]?(NaN|Inf).*")) {
            return refused(
                    "JSON has no NaN and no infinite numbers: number="
                            + rest.replaceFirst("(?s)[^A-Za-z+-].*", "")
                            + " in "
                            + what
                            + "; send null or a string instead");
        }
        return refused(
                "a JSON payload must be one valid JSON text: offset="
                        + at
                        + " of "
                        + json.length
                        + " rest="
                        + (rest.isEmpty() ? "(end)" : rest)
                        + " in "
                        + what);
    }

    private static String rest(byte[] json, int at) {
        return new String(json, at, Math.min(12, json.length - at), StandardCharsets.UTF_8);
    }

    private static TuliException tooDeep(String what, int depthMax) {
        return new TuliException(
                Failure.TOO_LARGE,
                what + " must not nest deeper than document.depth: document.depth=" + depthMax);
    }

    /** Where it ends nobody knows: perhaps nowhere. */
    private TuliException tooLong(Class<?> type) {
        return new TuliException(
                Failure.TOO_LARGE,
                "a message has at most message.bytes="
                        + messageBytes
                        + " bytes: it has more than twice as many, and is not written to its end;"
                        + " type="
                        + type.getTypeName());
    }

    private static TuliException refused(String message) {
        return new TuliException(Failure.BAD_REQUEST, message);
    }

    private static TuliException refused(String rule, Class<?> type, Throwable thrown) {
        return refused(rule + ": " + facts(type, thrown));
    }

    /**
     * A user's class threw it, be it an OutOfMemoryError: one that makes an array as long as a
     * document says must not end the member. What is ours runs out of memory, too, where none is
     * left.
     */
    private static String facts(Type type, Throwable thrown) {
        return facts(type, reason(thrown));
    }

    private static String facts(Type type, String reason) {
        return "type=" + type.getTypeName() + " reason=" + reason;
    }

    /** The library's first sentence, and where in the value; not its pages about sources. */
    private static String reason(Throwable thrown) {
        try {
            if (thrown instanceof DatabindException mapping) {
                String at = mapping.getPathReference();
                return Excerpt.detail(
                        mapping.getOriginalMessage() + (at.isEmpty() ? "" : " at " + at));
            }
            return thrown instanceof JacksonException unreadable
                    ? Excerpt.detail(unreadable.getOriginalMessage())
                    : Thrown.text(thrown);
        } catch (Throwable misbehaving) {
            return Thrown.text(thrown);
        }
    }
}
