package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Catalogue;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Parameter;

/** Explains all commands, or one. */
final class HelpCommand implements Command {

    private static final Parameter COMMAND = Parameter.optional("<command>", "Name of a command.");

    static final Grammar GRAMMAR =
            Grammar.of("help", "Explain a command, or list them all.").with(COMMAND);

    private final Invocation tuli;
    private final String word;
    private final Catalogue commands;

    HelpCommand(Invocation tuli, Arguments arguments, Catalogue commands) {
        this.tuli = tuli;
        this.word = arguments.optional(COMMAND).orElse("");
        this.commands = commands;
    }

    @Override
    public Exit run() {
        if (!word.isEmpty() && !commands.words().contains(word)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "there is no command " + word + Nearest.question(word, commands.words()));
        }
        return explain(word, tuli, commands);
    }

    /** Explains a command, or all where the word is empty. */
    static Exit explain(String word, Invocation tuli, Catalogue commands) {
        tuli.terminal().out().print(HelpText.of(word, tuli.palette(), commands));
        return Exit.OK;
    }
}
