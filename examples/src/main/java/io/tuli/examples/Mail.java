package io.tuli.examples;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import java.util.function.BiConsumer;

/**
 * A sink: letters by address. Its owner hands each letter to whoever carries it, and notes it;
 * where that fails, the letter is not noted and its sender is told.
 */
public final class Mail {

    public static final String NAME = "mail";
    public static final String SEND = "SEND";

    private Mail() {}

    /** A letter to the address that is its key. */
    public record Letter(String to, String text) {}

    /** How to serve it, with the side effect as a parameter: a mail server, or a list in a test. */
    public static ServiceConfig<Letter[]> config(BiConsumer<String, Letter> carrier) {
        return ServiceConfig.of(NAME, Letter[].class)
                .handler((message, turn) -> handle(message, turn, carrier));
    }

    private static Object handle(
            Message message, Turn<Letter[]> turn, BiConsumer<String, Letter> carrier) {
        Letter letter = message.verb().equals(SEND) ? message.body(Letter.class) : null;
        if (letter == null) {
            return turn.pass();
        }
        carrier.accept(message.key().top(), letter);
        turn.push(message.key().toString(), letter);
        return "sent";
    }
}
