package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.terminal.Json;
import io.tuli.terminal.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Values as lines, one each: JSON, else text. What is read from a line is printed as the same line.
 * One thread.
 */
final class TextLines {

    private static final JsonCodec CODEC = new JsonCodec(Limits.defaults());

    /** No message is longer. */
    private static final int LINE_BYTES_MOST = Limits.defaults().messageBytes();

    private final Lines lines;

    TextLines(InputStream in) {
        this.lines = new Lines(in, LINE_BYTES_MOST);
    }

    /**
     * The next value; null at the end. Empty lines are none.
     *
     * @throws TuliException BAD_REQUEST where a line is no text, or JSON that is broken; TOO_LARGE
     */
    @Nullable Payload next() {
        try {
            String line = lines.next();
            while (line != null && line.isBlank()) {
                line = lines.next();
            }
            return line == null ? null : CODEC.parseText(line);
        } catch (CharacterCodingException noText) {
            throw new TuliException(Failure.BAD_REQUEST, "a line must be text in UTF-8");
        } catch (IOException unreadable) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "standard input cannot be read: " + unreadable.getMessage());
        }
    }

    /** A value as a line that reads as the same value: a text without quotes where it can be. */
    static String of(Payload value) {
        String plain = Json.plain(value);
        if (value.isNone() || plain.isBlank()) {
            return Json.of(value);
        }
        try {
            return CODEC.parseText(plain).equals(value) ? plain : Json.of(value);
        } catch (TuliException noValue) {
            return Json.of(value);
        }
    }
}
