package io.tuli.codec;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Thrown;
import io.tuli.type.TypeOf;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * JSON, but values of one service's type are written and read by a codec of the user's, as opaque
 * bytes. Whatever that throws refuses the value. Thread-safe, as the user's is.
 */
public final class OwnCodec extends JsonCodec {

    private final Codec own;
    private final TypeOf<?> type;

    public OwnCodec(Limits limits, Codec own, TypeOf<?> type) {
        super(limits);
        this.own = own;
        this.type = type;
    }

    /** What writes and reads the values of a service: JSON, where it has no codec of its own. */
    public static JsonCodec of(ServiceConfig<?> service, Limits limits, JsonCodec json) {
        Codec own = service.codec().orElse(null);
        return own == null ? json : new OwnCodec(limits, own, service.documentType());
    }

    @Override
    public Payload encode(@Nullable Object value) {
        return value != null && type.raw().isInstance(value) ? written(value) : super.encode(value);
    }

    private Payload written(Object value) {
        Payload bytes;
        try {
            bytes = own.encode(value);
        } catch (Throwable thrown) {
            // The codec is the user's: whatever it throws, an Error included, refuses the value.
            throw refused("must be writable by the service's codec", thrown);
        }
        if (isNot(bytes, Format.OPAQUE)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a codec of one's own writes opaque bytes, Payload.opaque(bytes): type="
                            + type);
        }
        return bytes;
    }

    @SuppressWarnings("ConstantValue") // users' code may answer null all the same
    private static boolean isNot(@Nullable Payload bytes, Format format) {
        return bytes == null || bytes.format() != format;
    }

    /** Whether the bytes are the codec's, where this is asked for. */
    private boolean isOwn(Payload payload, Class<?> as) {
        boolean isPlain = as == Object.class || as == Payload.class || as == byte[].class;
        return payload.format() == Format.OPAQUE && !isPlain && as.isAssignableFrom(type.raw());
    }

    private Object read(Payload payload) {
        Object value;
        try {
            value = own.decode(payload, type);
        } catch (Throwable thrown) {
            throw refused("must be readable by the service's codec", thrown);
        }
        if (value == null || !type.raw().isInstance(value)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a codec of one's own reads its type, or throws: type=" + type);
        }
        return value;
    }

    private TuliException refused(String rule, Throwable thrown) {
        return new TuliException(
                Failure.BAD_REQUEST,
                Excerpt.detail(
                        "a value " + rule + ": type=" + type + " reason=" + Thrown.text(thrown)));
    }

    @Override
    @SuppressWarnings("unchecked") // reading made it one
    public <T> @Nullable T decode(Payload payload, Class<T> as) {
        return isOwn(payload, as) ? (T) read(payload) : super.decode(payload, as);
    }

    @Override
    public @Nullable Object decode(Payload payload, Type as) {
        return as.equals(type.type()) && payload.format() == Format.OPAQUE
                ? read(payload)
                : super.decode(payload, as);
    }

    @Override
    public @Nullable String unreadable(Payload payload, Type as) {
        if (payload.format() != Format.OPAQUE || !as.equals(type.type())) {
            return super.unreadable(payload, as);
        }
        try {
            Object unused = read(payload);
            return null;
        } catch (TuliException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
