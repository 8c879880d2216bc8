package io.tuli.demo;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.node.MeshBuilder;
import io.tuli.node.Tuli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member process of the demonstration: serves both services until it is told to leave.
 *
 * <p>Reads commands from its standard input and answers with {@link Line}s. The end of that input
 * means that the process which started it is gone; it then ends too, so none is ever left behind.
 */
final class MemberMain {

    /** The first command: a process that is started early can join in time. */
    static final String JOIN = "join";

    /** The command that asks for all documents. */
    static final String VIEW = "view";

    private static final Duration SYNC = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration DRAIN_WHEN_ALL_IS_OVER = Duration.ofMillis(200);

    private final Service<Route> flights;
    private final Service<Delays> airports;
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private MemberMain(Mesh mesh, boolean isDurable) {
        ServiceConfig<Route> routes = FlightService.config();
        ServiceConfig<Delays> delays = AirportService.config();
        flights = mesh.serve(isDurable ? routes.durable() : routes);
        airports = mesh.serve(isDurable ? delays.durable() : delays);
    }

    /**
     * Once told to, joins the mesh named first, as the member named second; what is named third, if
     * anything is, is the directory in which it keeps what it has.
     */
    public static void main(String[] args) throws IOException {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (JOIN.equals(commands.readLine())) {
            MeshBuilder member = Tuli.mesh(args[0]).name(args[1]);
            boolean isDurable = args.length > 2;
            join(isDurable ? durable(member, Path.of(args[2])) : member, isDurable, commands);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Small files: there is not much to keep, and several members on one disk. */
    private static MeshBuilder durable(MeshBuilder member, Path data) {
        return member.data(data).settings(Map.of("journal.segment", "8MiB"));
    }

    private static void join(MeshBuilder builder, boolean isDurable, BufferedReader commands)
            throws IOException {
        Mesh mesh = builder.join();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> mesh.close(DRAIN), "leave"));
        mesh.events(event -> System.err.println(LocalTime.now() + " " + event));
        mesh.closed().whenComplete((gone, broken) -> endIfBroken(broken));
        MemberMain member = new MemberMain(mesh, isDurable);
        member.flights.awaitSync(SYNC);
        member.airports.awaitSync(SYNC);
        member.say(Line.ready(mesh.self().id().toString()));
        member.out.flush();
        member.listen(commands);
        mesh.close(DRAIN_WHEN_ALL_IS_OVER);
    }

    /** The member is this process. */
    private static void endIfBroken(@Nullable Throwable broken) {
        if (broken != null) {
            System.err.println("this member could not go on: " + broken);
            Runtime.getRuntime().halt(1);
        }
    }

    private void listen(BufferedReader commands) throws IOException {
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            if (command.equals(VIEW)) {
                tellView();
            }
        }
    }

    private void tellView() {
        flights.state().forEach((key, route) -> say(Line.document(Line.Kind.ROUTE, key, route)));
        airports.state().forEach((key, sums) -> say(Line.document(Line.Kind.AIRPORT, key, sums)));
        say(Line.end());
        out.flush();
    }

    private void say(Line line) {
        out.println(line.text());
    }
}
