package io.tuli.todos;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.TuliException;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.node.Tuli;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code tuli todos}: this process is the gateway and gives out the page; it starts the two
 * replicas, and ends them when it ends. See {@link #HELP}.
 */
public final class TodosExample {

    static final String HELP =
            """
            Usage: tuli todos [--port=N]

            Starts a gateway and two replicas of a service of todos, each a process of its own, and
            prints the address of a page with the Feathers client. The page shows which replica
            answers; its buttons stop, kill and start them.

              --port=N       port of the page and the gateway (3030); 0 takes any
            """;

    private static final int OK = 0;
    private static final int WRONG = 1;
    private static final int MISSPELT = 2;

    private static final int PORT = 3030;
    private static final int PORT_MAX = 65_535;
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration LEAVE = Duration.ofSeconds(2);
    private static final long LOOK_NANOS = 20_000_000L;

    private TodosExample() {}

    /** Runs until it is told to end; then ends the process: 0, or 1 if it could not begin. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(out, System.err, args));
    }

    private static int run(PrintStream out, PrintStream err, String... args) {
        if (Arrays.asList(args).contains("--help") || Arrays.asList(args).contains("-h")) {
            out.print(HELP);
            return OK;
        }
        try {
            serve(port(List.of(args)), out);
            return OK;
        } catch (IllegalArgumentException misspelt) {
            err.println("tuli todos: " + misspelt.getMessage());
            return MISSPELT;
        } catch (TuliException | IOException | IllegalStateException failed) {
            err.println("tuli todos: " + failed.getMessage());
            return WRONG;
        }
    }

    /** What was said. */
    static int port(List<String> args) {
        if (args.isEmpty()) {
            return PORT;
        }
        String said = String.join("=", args);
        String number = said.startsWith("--port=") ? said.substring("--port=".length()) : "";
        if (number.matches("\\d{1,5}") && Integer.parseInt(number) <= PORT_MAX) {
            return Integer.parseInt(number);
        }
        throw new IllegalArgumentException(
                "the only option is --port=N, 0..65535: it is \"%s\""
                        .formatted(String.join(" ", args)));
    }

    private static void serve(int said, PrintStream out) throws IOException {
        Path logs = Files.createTempDirectory("tuli-todos-");
        System.setProperty("org.slf4j.simpleLogger.logFile", logs.resolve("gateway.log") + "");
        String name = "todos-%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
        int port = said == 0 ? free() : said;
        out.println("Starting a gateway and two replicas in the mesh " + name + "…");
        try (Mesh mesh = Tuli.mesh(name).name("gateway").join();
                Replicas replicas = new Replicas(mesh, logs, origins(port))) {
            Thread atExit = new Thread(() -> end(mesh, replicas, logs), "todos-at-exit");
            Runtime.getRuntime().addShutdownHook(atExit);
            replicas.startAll();
            try (OpenGateway gateway = gateway(mesh, port).start()) {
                await(replicas, logs);
                out.println(gateway.url() + "/   (Ctrl-C ends all of it; logs: " + logs + ")");
                out.println(gateway.url() + "/console/   shows who owns what");
                mesh.closed().join();
            }
        }
    }

    private static void end(Mesh mesh, Replicas replicas, Path logs) {
        replicas.killAll();
        mesh.close(LEAVE);
        File[] all = logs.toFile().listFiles();
        for (File each : all == null ? new File[0] : all) {
            each.delete();
        }
        logs.toFile().delete();
    }

    /** Its own pages need to be known before it listens. */
    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Set<String> origins(int port) {
        return Set.of("http://127.0.0.1:" + port, "http://localhost:" + port);
    }

    private static Gateway gateway(Mesh mesh, int port) throws IOException {
        Gateway gateway =
                Gateway.on(mesh)
                        .port(port)
                        .origins(origins(port).toArray(String[]::new))
                        .expose(TodoList.NAME, Replicas.NAME)
                        .methods(
                                Replicas.NAME,
                                Resource.FIND,
                                Replicas.START,
                                Replicas.STOP,
                                Replicas.KILL)
                        .headers("Origin")
                        .console();
        for (PageFile each : PageFile.values()) {
            gateway = gateway.page(each.path(), each.type(), each.bytes());
        }
        return gateway;
    }

    private static void await(Replicas replicas, Path logs) {
        long end = System.nanoTime() + READY.toNanos();
        while (!replicas.areAllRunning()) {
            if (System.nanoTime() > end || replicas.hasFailed()) {
                throw new IllegalStateException(
                        "the replicas do not come up; what they say is in " + logs);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** What the page is made of, as it lies beside this class. */
    private enum PageFile {
        INDEX("/", "index.html", "text/html; charset=utf-8"),
        STYLE("/todos.css", "todos.css", "text/css; charset=utf-8"),
        SCRIPT("/todos.js", "todos.js", "text/javascript; charset=utf-8"),
        FEATHERS("/feathers.js", "feathers.js", "text/javascript; charset=utf-8"),
        SOCKETS("/socket.io.min.js", "socket.io.min.js", "text/javascript; charset=utf-8"),
        ICON("/icon.svg", "icon.svg", "image/svg+xml"),
        LICENSES("/licenses.txt", "LICENSES.txt", "text/plain; charset=utf-8");

        private final String path;
        private final String file;
        private final String type;

        PageFile(String path, String file, String type) {
            this.path = path;
            this.file = file;
            this.type = type;
        }

        String path() {
            return path;
        }

        String type() {
            return type;
        }

        byte[] bytes() throws IOException {
            try (InputStream in = TodosExample.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("the page lies beside this class: not " + file);
                }
                return in.readAllBytes();
            }
        }
    }
}
