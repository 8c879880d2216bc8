package io.tuli.swarm;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.Timeline;
import io.tuli.error.Nearest;
import io.tuli.planted.Bug;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./tuli sim}: runs whole clusters on one thread each, in virtual time, with faults, from
 * seeds, and says which seeds fail and how to replay them. For one thread, once.
 */
public final class Simulation {

    private static final int FAILURES_TOLD_MOST = 10;

    private final PrintStream out;
    private final Order order;
    private final SwarmProgress progress;
    private int told;

    /**
     * What is to be run.
     *
     * @param seeds how many
     * @param first the first of them
     * @param bug planted in each run, which then stops at the first failure; empty for none
     * @param always what each seed has, whatever it draws
     * @param isJson whether the last line is JSON
     * @param isVerbose whether each seed is told: its trace hash, and what it was made of
     * @param isNarrated whether every frame that arrives and every entry applied is told
     */
    public record Order(
            long seeds,
            long first,
            String bug,
            Always always,
            boolean isJson,
            boolean isVerbose,
            boolean isNarrated) {

        public Order {
            io.tuli.error.Require.argument(
                    seeds >= 1, "a simulation runs at least one seed", seeds);
        }
    }

    /**
     * @param out gets the result, and each seed that failed
     * @param err gets how far it is, as long as it lasts
     * @param isWatched whether a person is looking at {@code err}
     */
    public Simulation(PrintStream out, PrintStream err, boolean isWatched, Order order) {
        this.out = out;
        this.order = order;
        this.progress = new SwarmProgress(err, isWatched, order.seeds());
    }

    /** The bugs that can be planted, each with what it does. */
    public static List<String> bugs() {
        return Arrays.stream(Bug.values())
                .map(bug -> String.format("%-34s %s", name(bug), bug.what()))
                .toList();
    }

    /**
     * Runs it, and answers whether no seed failed.
     *
     * @throws TuliException BAD_REQUEST where there is no such bug, naming those there are
     */
    public boolean isClean() {
        Bug bug = order.bug().isEmpty() ? null : bug(order.bug());
        SwarmReport report =
                new Swarm(
                                order.seeds(),
                                order.first(),
                                bug,
                                order.always(),
                                bug != null,
                                this::observe)
                        .run(this::tell);
        progress.end();
        out.println(order.isJson() ? report.json() : report.text());
        out.flush();
        return report.failed() == 0;
    }

    private void observe(Cluster cluster) {
        if (order.isNarrated()) {
            cluster.narrate(out::println);
        }
    }

    private void tell(SwarmRun run) {
        if (order.isVerbose()) {
            String hash = String.format("%016x", run.traceHash());
            long millis = run.virtualNanos() / Timeline.MILLI;
            out.printf(
                    "seed %d trace %s %d ms %s %s%n",
                    run.seed(), hash, millis, run.summary(), run.plan());
        }
        Throwable failure = run.failure();
        if (failure != null && told++ < FAILURES_TOLD_MOST) {
            progress.pause();
            tell(run, failure);
        }
        progress.add(run);
    }

    private void tell(SwarmRun run, Throwable failure) {
        String planted = order.bug().isEmpty() ? "" : " --bug " + order.bug();
        out.println("FAILED " + text(failure));
        String with = order.always().options() + planted;
        out.println("  replay: ./tuli sim --seeds 1 --seed " + run.seed() + with + " -v");
        if (order.isVerbose()) {
            failure.printStackTrace(out);
        }
        out.flush();
    }

    private static @Nullable String text(Throwable failure) {
        return failure instanceof AssertionError ? failure.getMessage() : failure.toString();
    }

    // ---- bugs ----------------------------------------------------------------------------------

    private static Bug bug(String name) {
        for (Bug each : Bug.values()) {
            if (name(each).equals(name)) {
                return each;
            }
        }
        List<String> names = Arrays.stream(Bug.values()).map(Simulation::name).toList();
        throw new TuliException(
                Failure.BAD_REQUEST,
                "there is no bug "
                        + name
                        + " to plant"
                        + Nearest.question(name, names)
                        + "\nThere are: "
                        + String.join(", ", names));
    }

    private static String name(Bug bug) {
        return bug.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
