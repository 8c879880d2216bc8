package io.tuli.document;

import io.tuli.Payload;
import io.tuli.error.Excerpt;
import java.nio.charset.StandardCharsets;

/** A value as an error shows it: no more of it becomes text than is shown. */
public final class ValueExcerpt {

    /** A character of Java takes at most three bytes of UTF-8; one more shows that it is cut. */
    private static final int BYTES_MAX = 3 * (Excerpt.FACT_CHARS_MAX + 1) + 4;

    private ValueExcerpt() {}

    /** As a person would read it, cut if it is long. */
    public static String of(Payload value) {
        return switch (value.format()) {
            case NONE -> "nothing";
            case OPAQUE -> value.sizeBytes() + " bytes";
            case JSON -> {
                byte[] json = value.bytes();
                int length = Math.min(json.length, BYTES_MAX);
                yield Excerpt.of(new String(json, 0, length, StandardCharsets.UTF_8));
            }
        };
    }
}
