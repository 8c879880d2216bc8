package io.tuli.cli;

import io.tuli.command.Catalogue;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Parameter;
import java.util.Locale;

/** Prints a script with which a shell completes commands and options. */
final class CompletionCommand implements Command {

    private static final Parameter SHELL = Parameter.one("<shell>", "bash, zsh or fish.");

    static final Grammar GRAMMAR =
            Grammar.of(
                            "completion",
                            "Print a script that teaches a shell to complete commands and"
                                    + " options.")
                    .with(SHELL);

    private final Invocation tuli;
    private final String shell;
    private final Catalogue commands;

    CompletionCommand(Invocation tuli, Arguments arguments, Catalogue commands) {
        this.tuli = tuli;
        this.shell = arguments.word(SHELL);
        this.commands = commands;
    }

    @Override
    public Exit run() {
        CompletionScript script = CompletionScript.of(shell.toLowerCase(Locale.ROOT));
        tuli.terminal().out().print(script.write(commands));
        return Exit.OK;
    }
}
