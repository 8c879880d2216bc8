package io.tuli.cli;

import io.tuli.Nearest;
import io.tuli.TuliException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong: one line for people on standard error - the rule, the facts, what to do -
 * and an exit code for scripts. Where it came from only with {@code -v}.
 */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final TuliCommand tuli;

    Complaints(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        tuli.terminal().say("tuli: " + textOf(wrong));
        tuli.terminal().say("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return Exit.USAGE.code();
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        if (thrown instanceof ParameterException wrong) {
            return handleParseException(wrong, new String[0]);
        }
        return about(thrown);
    }

    /** Tells of a failure and answers its exit code. */
    int about(Throwable thrown) {
        Throwable cause = causeOf(thrown);
        int code =
                cause instanceof TuliException failure
                        ? failure.failure().exitCode()
                        : cause instanceof IllegalArgumentException
                                ? Exit.USAGE.code()
                                : Exit.FAILED.code();
        if (tuli.shutdown().isUnderWay()) {
            return code;
        }
        tuli.terminal().say("tuli: " + textOf(cause));
        if (tuli.isVerbose()) {
            thrown.printStackTrace(tuli.terminal().err());
        }
        return code;
    }

    /** What really happened, without the wrappers of futures. */
    static Throwable causeOf(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String textOf(Throwable cause) {
        String message = cause.getMessage();
        boolean isOurs =
                cause instanceof TuliException || cause instanceof IllegalArgumentException;
        if (message == null || message.isBlank()) {
            return "this should not happen: " + cause + "; run it again with -v and tell us";
        }
        return isOurs ? message : cause.getClass().getSimpleName() + ": " + message;
    }

    private static String textOf(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return lowered(String.valueOf(wrong.getMessage()));
        }
        String first = unmatched.getUnmatched().getFirst();
        CommandLine command = unmatched.getCommandLine();
        if (first.startsWith("-")) {
            return "there is no option "
                    + first
                    + Nearest.question(first.replaceFirst("=.*", ""), options(command));
        }
        if (command.getParent() == null) {
            return "there is no command " + first + Nearest.question(first, Commands.words());
        }
        return command.getCommandName()
                + " takes no more arguments: "
                + String.join(" ", unmatched.getUnmatched());
    }

    private static List<String> options(CommandLine command) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            names.addAll(List.of(option.names()));
        }
        return names;
    }

    private static String lowered(String message) {
        return message.isEmpty() || message.startsWith("tuli")
                ? message
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
