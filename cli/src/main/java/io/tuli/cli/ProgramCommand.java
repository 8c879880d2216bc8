package io.tuli.cli;

import io.tuli.bench.Bench;
import io.tuli.chaos.Chaos;
import io.tuli.command.Exit;
import io.tuli.demo.Demo;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Parameter;
import io.tuli.todos.TodosExample;
import java.util.List;

/** Runs a program of its own; all its arguments are its own too, whatever they look like. */
final class ProgramCommand {

    /** The words that are such programs. */
    static final List<String> WORDS = List.of("demo", "todos", "bench", "chaos");

    static final Grammar DEMO =
            Grammar.of("demo", "Stream real flights through a mesh on this machine, and check it.")
                    .with(options("demo"));

    static final Grammar TODOS =
            Grammar.of("todos", "Show a page with Feathers' client, served by two replicas.")
                    .with(options("todos"));

    static final Grammar BENCH =
            Grammar.of("bench", "Measure Tuli on this machine, alone or beside its peers.")
                    .with(options("bench"));

    static final Grammar CHAOS =
            Grammar.of("chaos", "Kill, pause and cut off real members, and judge what they told.")
                    .with(options("chaos"));

    private ProgramCommand() {}

    private static Parameter options(String word) {
        return new Parameter("<option>", 0, Parameter.ANY, "Passed on; try " + word + " --help.");
    }

    static Exit run(String word, List<String> arguments) {
        if (word.equals("bench")) {
            return Exit.values()[Bench.run(arguments)];
        }
        String[] args = arguments.toArray(String[]::new);
        if (word.equals("chaos")) {
            return Exit.values()[Chaos.run(System.out, System.err, args)];
        }
        if (word.equals("todos")) {
            TodosExample.main(args);
        } else {
            Demo.main(args);
        }
        return Exit.OK;
    }
}
