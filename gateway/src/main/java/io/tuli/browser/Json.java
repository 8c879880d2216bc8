package io.tuli.browser;

import java.io.ByteArrayOutputStream;

/** JSON that is put together of JSON, without reading it. */
final class Json {

    private Json() {}

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
