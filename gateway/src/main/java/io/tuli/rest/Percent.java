package io.tuli.rest;

import io.tuli.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Texts of URLs as texts. Stateless. */
final class Percent {

    private static final int HEX = 16;

    private Percent() {}

    /**
     * A segment of a path as it was meant.
     *
     * @throws Refusal 400 where it is malformed, or no UTF-8
     */
    static String decode(String segment) {
        String decoded = decodedOrNull(segment);
        if (decoded == null) {
            throw Refusal.badRequest("The path is malformed: it is percent-encoded UTF-8");
        }
        return decoded;
    }

    /** A piece of a query: a plus is a blank, and what is malformed is as it is. */
    static String lenient(String piece) {
        String spaced = piece.replace('+', ' ');
        String decoded = decodedOrNull(spaced);
        return decoded == null ? spaced : decoded;
    }

    private static @Nullable String decodedOrNull(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[raw.length];
        int size = 0;
        for (int at = 0; at < raw.length; at++) {
            if (raw[at] != '%') {
                bytes[size++] = raw[at];
                continue;
            }
            int high = at + 2 < raw.length ? Character.digit(raw[at + 1], HEX) : -1;
            int low = at + 2 < raw.length ? Character.digit(raw[at + 2], HEX) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes[size++] = (byte) (high * HEX + low);
            at += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, size))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}
