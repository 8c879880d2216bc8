package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.node.MeshBuilder;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Json;
import io.tuli.terminal.Palette;
import io.tuli.terminal.Shutdown;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A server member with the built-in verbs, in the foreground. Told to go, it hands its partitions
 * over, leaves and exits with 0.
 */
@Command(
        name = "serve",
        description = "Serve services with the built-in verbs, in the foreground, until stopped.")
final class ServeCommand implements Callable<Integer> {

    private final TuliCommand tuli;

    @Parameters(
            index = "0..*",
            arity = "1..*",
            paramLabel = "<service>",
            description = "Names of services.")
    private List<String> services = List.of();

    @Option(
            names = "--bind",
            paramLabel = "<address>",
            description =
                    "Address to listen on: loopback unless said; another needs a secret or"
                            + " --insecure.")
    private @Nullable String bind;

    @Option(names = "--port", paramLabel = "<port>", description = "Data port: any unless said.")
    private @Nullable Integer port;

    @Option(
            names = "--insecure",
            description = "Anyone who reaches the address may join; a warning is logged.")
    private boolean insecure;

    @Option(
            names = "--name",
            paramLabel = "<name>",
            description = "Name of this member, for people.")
    private @Nullable String name;

    @Option(
            names = "--node-id",
            paramLabel = "<number>",
            description =
                    "Identity that survives restarts, decimal or 0x hexadecimal: a member that"
                            + " comes back gets its old share.")
    private @Nullable String nodeId;

    @Option(
            names = "--partitions",
            paramLabel = "<n>",
            description = "Partitions of each service: 256 unless said; all members must agree.")
    private @Nullable Integer partitions;

    @Option(
            names = "--drain-timeout",
            paramLabel = "<time>",
            description = "How long handing over may take when told to go: 10s unless said.")
    private String drain = "10s";

    ServeCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() throws Exception {
        Duration drainTime = Amount.duration(drain);
        List<ServiceConfig<Object>> configs = services.stream().map(this::config).toList();
        try (Mesh mesh = builder().join()) {
            CountDownLatch stopped = new CountDownLatch(1);
            Shutdown.Registration registration =
                    tuli.shutdown().on(() -> drain(mesh, drainTime, stopped));
            try (AutoCloseable events = mesh.events(new EventLog(tuli, mesh)::tell)) {
                configs.forEach(mesh::serve);
                ready(mesh);
                stopped.await();
            } finally {
                registration.close();
            }
        }
        return Exit.OK.code();
    }

    private ServiceConfig<Object> config(String service) {
        ServiceConfig<Object> config = ServiceConfig.of(service, Object.class);
        return partitions == null ? config : config.partitions(partitions);
    }

    private MeshBuilder builder() {
        MeshBuilder builder = tuli.server();
        if (bind != null) {
            builder.bind(bind);
        }
        if (port != null) {
            builder.port(port);
        }
        if (insecure) {
            builder.insecure();
        }
        if (name != null) {
            builder.name(name);
        }
        if (nodeId != null) {
            builder.nodeId(number(nodeId));
        }
        return builder;
    }

    private static long number(String text) {
        try {
            return text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "--node-id is a number of 64 bits, decimal or 0x hexadecimal: " + text);
        }
    }

    private void ready(Mesh mesh) {
        Member self = mesh.self();
        if (tuli.isJson()) {
            tuli.terminal().line(Json.of(json(mesh)));
            return;
        }
        Palette palette = tuli.palette();
        tuli.terminal()
                .line(
                        palette.paint(Colour.GREEN, "ready")
                                + "   mesh "
                                + mesh.name()
                                + "   member "
                                + palette.paint(Colour.BOLD, self.name())
                                + "   data "
                                + self.address()
                                + "   services "
                                + String.join(", ", services)
                                + "   pid "
                                + ProcessHandle.current().pid()
                                + palette.paint(Colour.FAINT, "   (Ctrl-C hands over and leaves)"));
    }

    private Map<String, Object> json(Mesh mesh) {
        Member self = mesh.self();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("ready", true);
        object.put("member", self.id().toString());
        object.put("name", self.name());
        object.put("data", self.address());
        object.put("mesh", mesh.name());
        object.put("services", services);
        object.put("pid", ProcessHandle.current().pid());
        return object;
    }

    /**
     * The end of a member that was told to go. The JVM would exit with the signal's number; a
     * member that has handed over has done what it was told, so it ends the process itself.
     */
    private void drain(Mesh mesh, Duration within, CountDownLatch stopped) {
        tuli.note("leaving: handing over");
        long began = System.nanoTime();
        mesh.close(within);
        tuli.note("left after " + Amount.millis(System.nanoTime() - began));
        stopped.countDown();
        Runtime.getRuntime().halt(Exit.OK.code());
    }
}
