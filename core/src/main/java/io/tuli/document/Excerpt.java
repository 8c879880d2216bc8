package io.tuli.document;

import io.tuli.Key;
import io.tuli.Payload;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of a text, for messages: errors name what they are about, and never carry whole
 * documents. A pair of surrogates stays whole or is left out.
 */
public final class Excerpt {

    /** Longer texts are cut to so many characters. */
    public static final int CHARS_MAX = 100;

    /** A character of Java takes at most three bytes of UTF-8. */
    private static final int BYTES_MAX = 3 * CHARS_MAX + 4;

    private Excerpt() {}

    /** The text, cut if it is long. */
    public static String of(String text) {
        if (text.length() <= CHARS_MAX) {
            return text;
        }
        int end = CHARS_MAX - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
                + "…";
    }

    /** The text form of a key, cut if it is long. */
    public static String of(Key key) {
        return of(key.toString());
    }

    /** A value as a person would read it, cut if it is long. */
    public static String of(Payload value) {
        return switch (value.format()) {
            case NONE -> "nothing";
            case OPAQUE -> value.sizeBytes() + " bytes";
            case JSON -> {
                byte[] json = value.bytes();
                int length = Math.min(json.length, BYTES_MAX);
                String begin = new String(json, 0, length, StandardCharsets.UTF_8);
                yield of(begin);
            }
        };
    }
}
