package io.tuli.agent;

import io.tuli.Change;
import io.tuli.Commit;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import io.tuli.node.MeshBuilder;
import io.tuli.node.Tuli;
import io.tuli.workload.ChaosRequest;
import io.tuli.workload.ChaosService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a process of a chaos run: one member of the mesh, a server or a client, that does
 * what it is told on its standard input and tells on its standard output what came of it.
 *
 * <p>The end of that input means that the process which started it is gone; it then ends too, so
 * none is ever left behind.
 */
final class Agent {

    static final String SERVER = "server";
    static final String CLIENT = "client";
    static final String WATCHING = "watching";

    /** What it is told. */
    static final String CALL = "call";

    static final String REPORT = "report";
    static final String DUMP = "dump";

    /** What it tells. */
    static final String READY = "ready";

    static final String ANSWER = "answer";
    static final String LEAF = "leaf";
    static final String END = "end";
    static final String SEEN = "seen";
    static final String RESET = "reset";
    static final String EVENT = "event";
    static final String VIEW = "view";

    private static final Duration SYNC = Duration.ofSeconds(60);
    private static final Duration DRAIN_WHEN_ALL_IS_OVER = Duration.ofMillis(200);

    private final Mesh mesh;
    private final Service<Object> service;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Agent(Mesh mesh) {
        this.mesh = mesh;
        this.service =
                mesh.self().isServer()
                        ? mesh.serve(ChaosService.config())
                        : mesh.use(ChaosService.config());
    }

    /** Joins the mesh named first, as the member named second, in the role named third. */
    public static void main(String[] args) throws IOException {
        try {
            run(args);
            Runtime.getRuntime().halt(0);
        } catch (TuliException failed) {
            System.err.println("this agent ends: " + failed);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(String[] args) throws IOException {
        MeshBuilder builder = Tuli.mesh(args[0]).name(args[1]);
        Mesh mesh = args[2].equals(CLIENT) ? builder.client().join() : builder.join();
        mesh.closed().whenComplete((gone, broken) -> endIfBroken(broken));
        Agent agent = new Agent(mesh);
        mesh.events(agent::happened);
        if (args[3].equals(WATCHING)) {
            agent.service.feed().from(Position.start()).each(agent::changed);
        }
        agent.service.awaitSync(SYNC);
        agent.say(READY, mesh.self().id());
        agent.tellView();
        agent.listen();
        mesh.close(DRAIN_WHEN_ALL_IS_OVER);
    }

    /** The member is this process. */
    private static void endIfBroken(@Nullable Throwable broken) {
        if (broken != null) {
            System.err.println("this agent ends: " + broken);
            Runtime.getRuntime().halt(1);
        }
    }

    private void listen() throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Words words = Words.parse(line);
            switch (words.first()) {
                case CALL -> call(words);
                case REPORT -> Thread.ofVirtual().start(() -> report(words.number(1)));
                case DUMP -> Thread.ofVirtual().start(() -> dump(words.number(1)));
                default -> System.err.println("not understood: " + line);
            }
        }
    }

    private void say(Object... words) {
        String line = Words.of(words).line();
        synchronized (out) {
            out.println(line);
        }
    }

    // ---- calls ---------------------------------------------------------------------------------

    private void call(Words words) {
        long number = words.number(1);
        ChaosRequest asked =
                new ChaosRequest(words.text(2), words.text(3), words.text(4), words.text(5));
        long begunNanos = System.nanoTime();
        try {
            send(asked)
                    .whenComplete((reply, failure) -> answer(number, begunNanos, reply, failure));
        } catch (TuliException refused) {
            answer(number, begunNanos, null, refused);
        }
    }

    private CompletableFuture<? extends @Nullable Object> send(ChaosRequest asked) {
        if (!asked.isWrite()) {
            return service.read(asked.key(), Long.class).reply();
        }
        Message message =
                Message.of(asked.verb(), body(asked.body()))
                        .key(asked.key())
                        .commit(Commit.copies(2))
                        .within(ChaosRequest.WITHIN);
        Message named = asked.id().isEmpty() ? message : message.id(asked.id());
        return service.send(named, Object.class).reply();
    }

    private static @Nullable Object body(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return text.matches("\\d{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    private void answer(
            long number, long begunNanos, @Nullable Object reply, @Nullable Throwable failure) {
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
        if (failure == null) {
            say(ANSWER, number, io.tuli.Outcome.OK, tookMillis, reply == null ? "" : reply);
        } else if (failure instanceof TuliException known) {
            String why = known.failure() + ": " + known.getMessage();
            say(ANSWER, number, known.outcome(), tookMillis, why);
        } else {
            say(ANSWER, number, io.tuli.Outcome.UNKNOWN, tookMillis, failure);
        }
    }

    // ---- what it knows -------------------------------------------------------------------------

    private void report(long number) {
        ServiceReport report;
        try {
            report = mesh.report(ChaosService.NAME);
        } catch (TuliException silent) {
            System.err.println("no report: " + silent);
            return;
        }
        say(
                END,
                number,
                report.state(),
                Long.toHexString(report.digest()),
                report.lag(),
                report.owned(),
                report.commits());
    }

    private void dump(long number) {
        service.state().forEach((key, document) -> leaves(number, key, document));
        say(END, number);
    }

    private void leaves(long number, String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, below) -> leaves(number, path + "." + name, below));
        } else if (value instanceof List<?> list) {
            say(LEAF, number, path, list.stream().map(String::valueOf).toList());
        } else {
            say(LEAF, number, path, value == null ? "" : value);
        }
    }

    // ---- what happens --------------------------------------------------------------------------

    private void changed(Change change) {
        if (change.kind() == Change.Kind.RESET) {
            say(RESET, change.partition());
        } else {
            say(SEEN, change.partition(), change.key(), change.payload());
        }
    }

    private void happened(MeshEvent event) {
        System.err.println(LocalTime.now() + " " + event);
        switch (event.kind()) {
            case WRITES_DISCARDED -> say(EVENT, event.kind(), event.subject(), event.text());
            case MEMBER_JOINED, MEMBER_LEFT -> tellView();
            default -> {}
        }
    }

    /** How many members it sees. */
    private void tellView() {
        say(VIEW, mesh.members().size());
    }
}
