package io.tuli.write;

import io.tuli.Verbs;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;

/** Removes a key. */
public final class RmCommand implements Command {

    public static final Grammar GRAMMAR =
            Grammar.of("rm", "Remove a key; exit code 3 when it was not there.")
                    .with(SERVICE)
                    .with(Write.KEY)
                    .with(Write.OPTIONS);

    private final Write write;

    public RmCommand(Invocation tuli, Arguments arguments) {
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        return write.toOneThatIsThere(Verbs.REMOVE, "removed");
    }
}
