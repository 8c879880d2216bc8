package io.tuli.cli;

import io.tuli.demo.Demo;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Parameter;
import java.util.List;

/** Runs the demo of the examples; all its arguments are its own, whatever they look like. */
final class DemoCommand {

    private static final Parameter OPTIONS =
            new Parameter("<option>", 0, Parameter.ANY, "Passed on; try demo --help.");

    static final Grammar GRAMMAR =
            Grammar.of("demo", "Stream real flights through a mesh on this machine, and check it.")
                    .with(OPTIONS);

    private DemoCommand() {}

    static Exit run(List<String> arguments) {
        Demo.main(arguments.toArray(String[]::new));
        return Exit.OK;
    }
}
