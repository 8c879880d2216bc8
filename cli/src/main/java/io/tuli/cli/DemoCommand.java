package io.tuli.cli;

import io.tuli.demo.Demo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the demo of the examples; all its arguments are its own. */
@Command(
        name = "demo",
        description = "A cluster on this machine with real flights; see what it prints.")
final class DemoCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "<option>", description = "Passed on; try demo --help.")
    private List<String> arguments = List.of();

    DemoCommand(TuliCommand tuli) {}

    @Override
    public Integer call() {
        run(arguments);
        return Exit.OK.code();
    }

    static void run(List<String> arguments) {
        Demo.main(arguments.toArray(String[]::new));
    }
}
