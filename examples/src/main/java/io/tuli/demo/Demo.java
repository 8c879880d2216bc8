package io.tuli.demo;

import io.tuli.TuliException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * The demonstration: real flights through a mesh of processes, which changes under the load; then
 * everything is counted. See {@link DemoOptions#HELP}.
 */
public final class Demo {

    private static final int OK = 0;
    private static final int WRONG = 1;
    private static final int MISSPELT = 2;

    private Demo() {}

    /** Runs and ends the process: 0 if nothing was wrong, 1 if anything was, 2 if misspelt. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = run(out, System.err, args);
        out.flush();
        System.exit(code);
    }

    private static int run(PrintStream out, PrintStream err, String... args) {
        DemoOptions options;
        try {
            options = DemoOptions.parse(args);
        } catch (IllegalArgumentException e) {
            err.println("tuli demo: " + e.getMessage());
            return MISSPELT;
        }
        if (options.help()) {
            out.print(DemoOptions.HELP);
            return OK;
        }
        try {
            return play(options, out) ? OK : WRONG;
        } catch (DemoException | TuliException | IOException e) {
            err.println("tuli demo: " + e.getMessage());
            return WRONG;
        }
    }

    private static boolean play(DemoOptions options, PrintStream out) throws IOException {
        useConsoleOfTheJdk();
        Path logs = Files.createTempDirectory("tuli-demo-");
        logTo(logs.resolve("loader.log"));
        Screen screen = new Screen(out, Ink.ofProcess());
        Score score;
        try (Play play = new Play(options, logs, screen)) {
            score = play.run();
        }
        if (score.isPerfect()) {
            delete(logs);
        } else {
            screen.print("The members' logs are in " + logs);
        }
        if (options.json()) {
            screen.print(score.json());
        }
        return score.isPerfect();
    }

    /** Some JDKs have a second console, which is there even where the output is piped. */
    private static void useConsoleOfTheJdk() {
        System.setProperty("jdk.console", "java.base");
    }

    /** The loader is a member too; its log would spoil the picture. */
    private static void logTo(Path file) {
        System.setProperty("org.slf4j.simpleLogger.logFile", file.toString());
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
