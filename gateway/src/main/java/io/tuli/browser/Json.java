package io.tuli.browser;

import io.tuli.Codec;
import io.tuli.Payload;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/** JSON that is put together of JSON, without reading it. */
final class Json {

    private Json() {}

    /** A payload as JSON: bytes that are none as a text in Base64, nothing as null. */
    static byte[] of(Payload payload, Codec codec) {
        return switch (payload.format()) {
            case JSON -> payload.bytes();
            case NONE -> Payload.NULL.bytes();
            case OPAQUE ->
                    codec.encode(Base64.getEncoder().encodeToString(payload.bytes())).bytes();
        };
    }

    /** A list of these. */
    static byte[] list(byte[]... elements) {
        int size = 1;
        for (byte[] element : elements) {
            size += element.length + 1;
        }
        ByteArrayOutputStream list = new ByteArrayOutputStream(size);
        list.write('[');
        for (int i = 0; i < elements.length; i++) {
            if (i > 0) {
                list.write(',');
            }
            list.writeBytes(elements[i]);
        }
        list.write(']');
        return list.toByteArray();
    }
}
