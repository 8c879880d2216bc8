package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.terminal.Terminal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ways to give a value: JSON, any other text, {@code -} for standard input, {@code @file}. */
final class ValueText {

    private ValueText() {}

    /** The value as JSON; a text that is no JSON becomes a JSON string. */
    static Payload parse(String argument, Terminal terminal) {
        return new JsonCodec(Limits.defaults()).parseText(text(argument, terminal));
    }

    private static String text(String argument, Terminal terminal) {
        try {
            if (argument.equals("-")) {
                return withoutLastBreak(terminal.in().readAllBytes());
            }
            if (argument.length() > 1 && argument.startsWith("@")) {
                return withoutLastBreak(Files.readAllBytes(Path.of(argument.substring(1))));
            }
            return argument;
        } catch (CharacterCodingException noText) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "a value must be text in UTF-8: " + argument);
        } catch (IOException unreadable) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a value @file must be a file that can be read: "
                            + argument
                            + " ("
                            + unreadable.getClass().getSimpleName()
                            + "); to mean the text itself write it as JSON: '\""
                            + argument
                            + "\"'");
        }
    }

    /** Editors and echo end a text with a line break that nobody means. */
    private static String withoutLastBreak(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
