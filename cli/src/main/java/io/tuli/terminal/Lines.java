package io.tuli.terminal;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8, each bounded. One thread. */
public final class Lines {

    private final InputStream in;
    private final int bytesMost;

    /**
     * @param bytesMost of one line
     */
    public Lines(InputStream in, int bytesMost) {
        this.in = new BufferedInputStream(in);
        this.bytesMost = bytesMost;
    }

    /**
     * The next line without its break; null at the end.
     *
     * @throws TuliException TOO_LARGE
     * @throws CharacterCodingException where it is no UTF-8
     */
    public @Nullable String next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (bytes.size() >= bytesMost) {
                throw new TuliException(
                        Failure.TOO_LARGE,
                        "a line is one message, of at most " + bytesMost + " bytes");
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
}
