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

/** Says anew when a document goes. */
public final class TouchCommand implements Command {

    public static final Grammar GRAMMAR =
            Grammar.of(
                            "touch",
                            "Let a document live on, by --expire or as its service says; exit code"
                                    + " 3 when it is not there.")
                    .with(SERVICE)
                    .with(Write.KEY)
                    .with(Write.OPTIONS);

    private final Invocation tuli;
    private final Arguments arguments;
    private final Write write;

    public TouchCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        String key = arguments.word(Write.KEY);
        String service = arguments.word(SERVICE);
        Write.Done done = write.send(write.message(Verbs.TOUCH, key, Payload.NONE));
        boolean wasThere = done.reply().toString().equals("true");
        if (wasThere || tuli.isJson()) {
            done.tell(tuli, service + "/" + key + " touched");
        }
        if (!wasThere) {
            throw new TuliException(
                    Failure.NOT_FOUND, "no key " + key + " in service " + service + " to touch");
        }
        return Exit.OK;
    }
}
