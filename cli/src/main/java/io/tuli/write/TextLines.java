package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.terminal.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Values as lines, one each: JSON, else text. What is read from a line is printed as the same line.
 * One thread.
 */
final class TextLines {

    private static final JsonCodec CODEC = new JsonCodec(Limits.defaults());

    /** No message is longer. */
    private static final int LINE_BYTES_MOST = Limits.defaults().messageBytes();

    private final InputStream in;

    TextLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * The next value; null at the end. Empty lines are none.
     *
     * @throws TuliException BAD_REQUEST where a line is no text, or JSON that is broken; TOO_LARGE
     */
    @Nullable Payload next() {
        try {
            String line = line();
            while (line != null && line.isBlank()) {
                line = line();
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

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (bytes.size() >= LINE_BYTES_MOST) {
                throw new TuliException(
                        Failure.TOO_LARGE,
                        "a line is one message, of at most " + LINE_BYTES_MOST + " bytes");
            }
            bytes.write(next);
            next = in.read();
        }
        String line =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.toByteArray()))
                        .toString();
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
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
