package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Nearest;
import io.tuli.TuliException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** Explains all commands, or one. */
@Command(name = "help", description = "Explain a command, or list them all.")
final class HelpCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<command>",
            description = "Name of a command.")
    private @Nullable String word;

    HelpCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        CommandSpec all = Commands.reference(tuli);
        CommandLine wanted = word == null ? all.commandLine() : all.subcommands().get(word);
        if (wanted == null) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "there is no command "
                            + word
                            + Nearest.question(String.valueOf(word), Commands.words()));
        }
        tuli.terminal().out().print(HelpText.of(wanted.getCommandSpec(), tuli.palette()));
        return Exit.OK.code();
    }
}
