package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.terminal.Shutdown;
import io.tuli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine;

/** The operator's terminal: one command, then an exit code ({@link Exit}). */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        int code = run(terminal, args);
        terminal.out().flush();
        terminal.err().flush();
        System.exit(code);
    }

    /** Runs one command and answers its exit code. */
    static int run(Terminal terminal, String... args) {
        Shutdown shutdown = new Shutdown();
        TuliCommand tuli = new TuliCommand(terminal, shutdown);
        Complaints complaints = new Complaints(tuli);
        for (String arg : args) {
            if (arg.indexOf('\uFFFD') >= 0) {
                return complaints.about(
                        new TuliException(
                                Failure.BAD_REQUEST,
                                "an argument must be text in the locale's charset: "
                                        + arg
                                        + "; set LC_ALL=C.UTF-8"));
            }
        }
        if (args.length > 0 && args[0].equals("demo")) {
            return demo(complaints, List.of(args).subList(1, args.length));
        }
        CommandLine line = Commands.lineFor(tuli, args);
        line.setParameterExceptionHandler(complaints);
        line.setExecutionExceptionHandler(complaints);
        int code = line.execute(args);
        line.getOut().flush();
        return code;
    }

    /** The demo reads its own arguments, whatever they look like. */
    private static int demo(Complaints complaints, List<String> arguments) {
        try {
            DemoCommand.run(arguments);
            return Exit.OK.code();
        } catch (RuntimeException failed) {
            return complaints.about(failed);
        }
    }
}
