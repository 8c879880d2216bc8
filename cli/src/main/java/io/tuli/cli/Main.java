package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Complaints;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Nearest;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Shutdown;
import io.tuli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;

/** The operator's terminal: one command, then an exit code ({@link Exit}). */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        try {
            Terminal terminal = Terminal.ofProcess();
            int code = run(terminal, args);
            terminal.out().flush();
            terminal.err().flush();
            System.exit(code);
        } catch (VirtualMachineError broken) {
            Runtime.getRuntime().halt(Exit.BROKEN.code()); // nothing else may work any more
        }
    }

    /** Runs one command and answers its exit code. */
    static int run(Terminal terminal, String... args) {
        Complaints complaints = new Complaints(terminal, List.of(args));
        try {
            return run(terminal, complaints.shutdown(), List.of(args)).code();
        } catch (Exception failed) {
            return complaints.about(failed);
        }
    }

    private static Exit run(Terminal terminal, Shutdown shutdown, List<String> args)
            throws Exception {
        requireReadable(args);
        int at = Arguments.firstWord(Invocation.COMMON, args);
        if (at == args.size()) {
            Arguments common = Arguments.parse(Invocation.COMMON, args);
            return general(new Invocation(terminal, shutdown, common), common);
        }
        String word = requireCommand(args.get(at));
        List<String> others = new ArrayList<>(args);
        others.remove(at);
        if (ProgramCommand.WORDS.contains(word)) {
            return ProgramCommand.run(word, others);
        }
        Grammar grammar = Commands.grammar(word).with(Invocation.COMMON.options());
        if (Arguments.has(Invocation.HELP, others)) {
            return HelpCommand.explain(
                    word, new Invocation(terminal, shutdown, Arguments.none()), Commands.ALL);
        }
        Arguments arguments = Arguments.parse(grammar, others);
        return Commands.of(word, new Invocation(terminal, shutdown, arguments), arguments).run();
    }

    /** Without a command there is nothing to do but to explain. */
    private static Exit general(Invocation tuli, Arguments common) {
        if (common.has(Invocation.HELP)) {
            return HelpCommand.explain("", tuli, Commands.ALL);
        }
        if (common.has(Invocation.VERSION)) {
            return new VersionCommand(tuli).run();
        }
        throw new TuliException(Failure.BAD_REQUEST, "a command is missing; tuli help lists them");
    }

    private static String requireCommand(String word) {
        if (!Commands.WORDS.contains(word)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "there is no command "
                            + word
                            + Nearest.question(word, Commands.WORDS)
                            + "\nSee: tuli help");
        }
        return word;
    }

    /** The JVM has put this sign where an argument was no text in the locale's charset. */
    private static void requireReadable(List<String> args) {
        for (String arg : args) {
            if (arg.indexOf('\uFFFD') >= 0) {
                throw new TuliException(
                        Failure.BAD_REQUEST,
                        "an argument must be text in the locale's charset: "
                                + arg
                                + "; set LC_ALL=C.UTF-8");
            }
        }
    }
}
