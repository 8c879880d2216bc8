package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Verbs;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Parameter;

/** Sets several fields together. */
public final class PatchCommand implements Command {

    private static final Parameter FIELDS =
            Parameter.one("<object>", "A JSON object; - reads standard input, @file a file.");

    public static final Grammar GRAMMAR =
            Grammar.of("patch", "Set each field of an object below a key, all together.")
                    .with(SERVICE)
                    .with(Write.KEY)
                    .with(FIELDS)
                    .with(Write.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final Write write;

    public PatchCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        String key = arguments.word(Write.KEY);
        Payload body = ValueText.parse(arguments.word(FIELDS), tuli.terminal());
        if (!body.toString().startsWith("{")) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a patch is a JSON object of fields: " + body + "; try '{\"name\":1}'");
        }
        Write.Done done = write.send(write.message(Verbs.PATCH, key, body));
        done.tell(tuli, arguments.word(SERVICE) + "/" + key + " + " + Write.shortened(body));
        return Exit.OK;
    }
}
