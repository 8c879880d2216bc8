package io.tuli.invoke;

import io.tuli.Codec;
import io.tuli.Payload;
import java.util.Base64;

/** What services answer and tell, as JSON for clients. Stateless. */
public final class PayloadJson {

    private PayloadJson() {}

    /** A payload as JSON: bytes that are none as a text in Base64, nothing as null. */
    public static byte[] of(Payload payload, Codec codec) {
        return switch (payload.format()) {
            case JSON -> payload.bytes();
            case NONE -> Payload.NULL.bytes();
            case OPAQUE ->
                    codec.encode(Base64.getEncoder().encodeToString(payload.bytes())).bytes();
        };
    }
}
