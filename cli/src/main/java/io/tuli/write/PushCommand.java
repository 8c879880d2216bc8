package io.tuli.write;

import io.tuli.Payload;
import io.tuli.Verbs;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;

/** Appends to an array. */
public final class PushCommand implements Command {

    public static final Grammar GRAMMAR =
            Grammar.of("push", "Append to the array at a key, which is made if missing.")
                    .with(SERVICE)
                    .with(Write.KEY)
                    .with(Write.VALUE)
                    .with(Write.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final Write write;

    public PushCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        String key = arguments.word(Write.KEY);
        Payload body = ValueText.parse(arguments.word(Write.VALUE), tuli.terminal());
        Write.Done done = write.send(write.message(Verbs.PUSH, key, body));
        String place = arguments.word(SERVICE) + "/" + key + "." + done.reply();
        done.tell(tuli, place + " = " + Write.shortened(body));
        return Exit.OK;
    }
}
