package io.tuli.write;

import io.tuli.Payload;
import io.tuli.Verbs;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;

/** Sets the value at a key. */
public final class SetCommand implements Command {

    public static final Grammar GRAMMAR =
            Grammar.of("set", "Set the value at a key; deep keys set one field.")
                    .with(SERVICE)
                    .with(Write.KEY)
                    .with(Write.VALUE)
                    .with(Write.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final Write write;

    public SetCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        String key = arguments.word(Write.KEY);
        Payload body = ValueText.parse(arguments.word(Write.VALUE), tuli.terminal());
        Write.Done done = write.send(write.message(Verbs.UPDATE, key, body));
        done.tell(tuli, arguments.word(SERVICE) + "/" + key + " = " + Write.shortened(body));
        return Exit.OK;
    }
}
