package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the demo of the examples; all its arguments are its own. */
@Command(
        name = "demo",
        description = "A cluster on this machine with real flights; see what it prints.")
final class DemoCommand implements Callable<Integer> {

    private static final String DEMO = "io.tuli.examples.Demo";

    @Parameters(index = "0", paramLabel = "<option>", description = "Passed on; try demo --help.")
    private List<String> arguments = List.of();

    DemoCommand(TuliCommand tuli) {}

    @Override
    public Integer call() {
        run(arguments);
        return Exit.OK.code();
    }

    static void run(List<String> arguments) {
        try {
            Class.forName(DEMO)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments.toArray(String[]::new));
        } catch (InvocationTargetException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (ReflectiveOperationException missing) {
            throw new TuliException(
                    Failure.UNAVAILABLE, "the demo is not in this build: class=" + DEMO);
        }
    }
}
