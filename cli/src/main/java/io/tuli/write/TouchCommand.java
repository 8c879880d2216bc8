package io.tuli.write;

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

    private final Write write;

    public TouchCommand(Invocation tuli, Arguments arguments) {
        this.write = new Write(tuli, arguments);
    }

    @Override
    public Exit run() {
        return write.toOneThatIsThere(Verbs.TOUCH, "touched");
    }
}
