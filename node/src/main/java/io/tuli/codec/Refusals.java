package io.tuli.codec;

import io.tuli.Codec;
import io.tuli.Payload;
import io.tuli.Payload.Format;
import io.tuli.Refusal;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as the body of a failure and back: {@code {"code","name","text","data","errors"}},
 * without what there is none of, and without the text where the failure's detail is the same. What
 * comes from elsewhere may be anything: what is no refusal's body is passed over.
 */
public final class Refusals {

    private static final String CODE = "code";
    private static final String NAME = "name";
    private static final String TEXT = "text";
    private static final String DATA = "data";
    private static final String ERRORS = "errors";

    private Refusals() {}

    /** What a handler's refusal becomes. Data that cannot be written, or are too much, are not. */
    public static Decision.Fail fail(Refusal refusal, Codec codec) {
        String detail = Excerpt.detail(refusal.text());
        try {
            Payload body = codec.encode(members(refusal, detail, true));
            if (body.sizeBytes() <= Refusal.BYTES_MAX) {
                return new Decision.Fail(refusal.failure(), detail, body);
            }
            return without(refusal, codec, "they have " + body.sizeBytes() + " bytes");
        } catch (TuliException unwritable) {
            return without(refusal, codec, String.valueOf(unwritable.getMessage()));
        }
    }

    private static Decision.Fail without(Refusal refusal, Codec codec, String why) {
        String detail =
                Excerpt.detail(
                        Excerpt.of(refusal.text(), Excerpt.DETAIL_CHARS_MAX / 2)
                                + " (data and errors of a refusal are JSON of at most "
                                + Refusal.BYTES_MAX
                                + " bytes and were left out: "
                                + why
                                + ")");
        return new Decision.Fail(
                refusal.failure(), detail, codec.encode(members(refusal, detail, false)));
    }

    private static Map<String, Object> members(Refusal refusal, String detail, boolean isWhole) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(CODE, refusal.code());
        members.put(NAME, refusal.name());
        if (isWhole) {
            if (!refusal.text().equals(detail) && Excerpt.isWhole(refusal.text())) {
                members.put(TEXT, refusal.text());
            }
            if (refusal.data() != null) {
                members.put(DATA, refusal.data());
            }
            if (!refusal.errors().isEmpty()) {
                members.put(ERRORS, refusal.errors());
            }
        }
        return members;
    }

    /**
     * The refusal that a body of a failure is of; null if it is of none.
     *
     * @param detail the failure's
     */
    public static @Nullable Refusal read(Payload body, String detail, Codec codec) {
        if (body.format() != Format.JSON || body.sizeBytes() > Refusal.BYTES_MAX) {
            return null;
        }
        Object value;
        try {
            value = codec.decode(body, Object.class);
        } catch (TuliException unreadable) {
            return null;
        }
        return value instanceof Map<?, ?> members ? read(members, detail) : null;
    }

    private static @Nullable Refusal read(Map<?, ?> members, String detail) {
        if (!(members.get(CODE) instanceof Integer code && Refusal.isCode(code))
                || !(members.get(NAME) instanceof String name && Refusal.isName(name))) {
            return null;
        }
        String text = members.get(TEXT) instanceof String told ? told : detail;
        Refusal refusal = Refusal.of(code, name, text);
        if (members.get(DATA) != null) {
            refusal = refusal.data(members.get(DATA));
        }
        if (members.get(ERRORS) instanceof Map<?, ?> errors) {
            Map<String, @Nullable Object> byField = new LinkedHashMap<>();
            errors.forEach((field, error) -> byField.put(String.valueOf(field), error));
            refusal = refusal.errors(byField);
        }
        return refusal;
    }
}
