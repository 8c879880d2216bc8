package io.tuli.write;

import io.tuli.Payload;
import io.tuli.Verbs;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Parameter;

/** Creates a key. Prints the key alone, for scripts to catch; the facts go to standard error. */
public final class AddCommand implements Command {

    private static final Parameter KEY =
            Parameter.optional("<key>", "Key; a new unique one unless said.");

    public static final Grammar GRAMMAR =
            Grammar.of("add", "Create a key, which must not exist; without one, a new unique key.")
                    .with(SERVICE)
                    .with(KEY)
                    .with(Write.VALUE)
                    .with(Write.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final Write write;

    public AddCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        Payload body = ValueText.parse(arguments.word(Write.VALUE), tuli.terminal());
        String key = arguments.optional(KEY).orElse("");
        Write.Done done = write.send(write.message(Verbs.ADD, key, body));
        if (tuli.isJson()) {
            done.tell(tuli, "");
        } else {
            tuli.terminal().line(Json.plain(done.reply()));
            tuli.note(tuli.palette().paint(Colour.FAINT, done.facts()));
        }
        return Exit.OK;
    }
}
