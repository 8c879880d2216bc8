package io.tuli.write;

import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.command.Session;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Parameter;
import java.util.Map;

/** Publishes something to all that listen, and tells how many have heard it. */
public final class PubCommand implements Command {

    static final Parameter SUBJECT =
            Parameter.one("<subject>", "Tokens joined by dots, as in eu.milan.price.");
    private static final Parameter BODY =
            Parameter.optional("<body>", "JSON, else text; - reads standard input, @file a file.");

    public static final Grammar GRAMMAR =
            Grammar.of(
                            "pub",
                            "Publish to all that listen now, and tell how many have heard it;"
                                    + " where nobody does that is no failure.")
                    .with(SERVICE)
                    .with(SUBJECT)
                    .with(BODY);

    private final Invocation tuli;
    private final Arguments arguments;

    public PubCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
    }

    @Override
    public Exit run() {
        String subject = arguments.word(SUBJECT);
        Payload body =
                arguments
                        .optional(BODY)
                        .map(text -> ValueText.parse(text, tuli.terminal()))
                        .orElse(Payload.NONE);
        try (Session session = Session.open(tuli)) {
            Service<Payload> service = session.sender(arguments.word(SERVICE));
            int heard = session.publish(service, subject, body);
            if (tuli.isJson()) {
                tuli.terminal().line(Json.of(Map.of("heard", heard)));
            } else {
                tuli.note(heard == 0 ? "nobody has heard it" : "heard by " + heard);
            }
            return Exit.OK;
        }
    }
}
