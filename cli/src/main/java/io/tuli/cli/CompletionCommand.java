package io.tuli.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a script with which a shell completes commands and options. */
@Command(
        name = "completion",
        description = "Print a script that teaches a shell to complete commands and options.")
final class CompletionCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Parameters(index = "0", paramLabel = "<shell>", description = "bash, zsh or fish.")
    private String shell = "";

    CompletionCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        CompletionScript script = CompletionScript.of(shell.toLowerCase(Locale.ROOT));
        tuli.terminal().out().print(script.write(Commands.reference(tuli)));
        return Exit.OK.code();
    }
}
