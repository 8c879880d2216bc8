package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.swarm.Always;
import io.tuli.swarm.Simulation;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Option;
import io.tuli.terminal.Terminal;
import java.util.List;

/** Runs seeds through the simulation, and says which fail. */
final class SimCommand implements Command {

    private static final Option SEEDS =
            Option.value(
                    "--seeds",
                    "<n>",
                    "How many seeds to run: 1000 unless said. Exit code 0 if all went well,"
                            + " 1 if one did not: it is printed with the command that replays it.");
    private static final Option SEED =
            Option.value("--seed", "<first>", "The first of them: 1 unless said.");
    private static final Option BUG =
            Option.value(
                    "--bug", "<name>", "Plant a bug, to see that it is found; stop when it is.");
    private static final Option BUGS = Option.flag("--bugs", "List the bugs, and run nothing.");
    private static final Option FOLDS =
            Option.flag("--folds", "Fold in every seed: else a third of them does.");
    private static final Option SPLITS =
            Option.flag("--splits", "Split the network in every seed: else a quarter may.");
    private static final Option HOSTILE =
            Option.flag(
                    "--hostile",
                    "Add requests that nobody meant, a client that keeps to no rule, and a service"
                            + " whose own code throws what it likes.");
    private static final Option EVENTS =
            Option.flag("--events", "Tell events in every seed: else a quarter does.");
    private static final Option DURABLE =
            Option.flag(
                    "--durable",
                    "Keep everything on disk, restart members, and all servers at once.");
    private static final Option NARRATE =
            Option.flag("--narrate", "Print every frame and every entry applied: for one seed.");

    static final Grammar GRAMMAR =
            Grammar.of("sim", "Simulate clusters with faults from seeds, in virtual time.")
                    .with(
                            List.of(
                                    SEEDS, SEED, FOLDS, SPLITS, HOSTILE, EVENTS, DURABLE, BUG, BUGS,
                                    NARRATE));

    private final Invocation tuli;
    private final Arguments arguments;

    SimCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
    }

    @Override
    public Exit run() {
        tuli.logNothing();
        Terminal terminal = tuli.terminal();
        if (arguments.has(BUGS)) {
            Simulation.bugs().forEach(terminal::line);
            return Exit.OK;
        }
        Simulation.Order order =
                new Simulation.Order(
                        number(SEEDS, 1_000),
                        number(SEED, 1),
                        arguments.text(BUG).orElse(""),
                        new Always(
                                arguments.has(FOLDS),
                                arguments.has(SPLITS),
                                arguments.has(HOSTILE),
                                arguments.has(EVENTS),
                                arguments.has(DURABLE)),
                        tuli.isJson(),
                        tuli.isVerbose(),
                        arguments.has(NARRATE));
        boolean isWatched = terminal.isInteractive() && !tuli.isQuiet() && !tuli.isVerbose();
        Simulation simulation = new Simulation(terminal.out(), terminal.err(), isWatched, order);
        return simulation.isClean() ? Exit.OK : Exit.FAILED;
    }

    private long number(Option option, long unlessSaid) {
        String text = arguments.text(option).orElse("");
        if (text.isEmpty()) {
            return unlessSaid;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            throw new TuliException(
                    Failure.BAD_REQUEST, option.name() + " is a whole number: " + text);
        }
    }
}
