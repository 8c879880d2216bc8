package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
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

    HelpCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.word = arguments.optional(COMMAND).orElse("");
    }

    @Override
    public Exit run() {
        if (!word.isEmpty() && !Command.WORDS.contains(word)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "there is no command " + word + Nearest.question(word, Command.WORDS));
        }
        return explain(word, tuli);
    }

    /** Explains a command, or all where the word is empty. */
    static Exit explain(String word, Invocation tuli) {
        tuli.terminal().out().print(HelpText.of(word, tuli.palette()));
        return Exit.OK;
    }
}
