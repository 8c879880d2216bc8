package io.tuli.cli;

import io.tuli.bench.Bench;
import io.tuli.demo.Demo;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Parameter;
import java.util.List;

/** Runs a program of its own; all its arguments are its own too, whatever they look like. */
final class ProgramCommand {

    /** The words that are such programs. */
    static final List<String> WORDS = List.of("demo", "bench");

    static final Grammar DEMO =
            Grammar.of("demo", "Stream real flights through a mesh on this machine, and check it.")
                    .with(options("demo"));

    static final Grammar BENCH =
            Grammar.of("bench", "Measure Tuli on this machine, alone or beside its peers.")
                    .with(options("bench"));

    private ProgramCommand() {}

    private static Parameter options(String word) {
        return new Parameter("<option>", 0, Parameter.ANY, "Passed on; try " + word + " --help.");
    }

    static Exit run(String word, List<String> arguments) {
        if (word.equals("bench")) {
            return Exit.values()[Bench.run(arguments)];
        }
        Demo.main(arguments.toArray(String[]::new));
        return Exit.OK;
    }
}
