package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.node.MeshBuilder;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Palette;
import io.tuli.terminal.Parameter;
import io.tuli.terminal.Shutdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server member with the built-in verbs, in the foreground. Told to go, it hands its partitions
 * over, leaves and exits with 0.
 */
final class ServeCommand implements Command {

    private static final Parameter SERVICES = Parameter.some("<service>", "Names of the services.");
    private static final Option BIND =
            Option.value(
                    "--bind",
                    "<address>",
                    "Address to listen on: loopback unless said; another needs a secret or"
                            + " --insecure.");
    private static final Option PORT =
            Option.value("--port", "<port>", "Data port: any unless said.");
    private static final Option INSECURE =
            Option.flag(
                    "--insecure", "Anyone who reaches the address may join; a warning is logged.");
    private static final Option NAME =
            Option.value("--name", "<name>", "Name of this member, for people.");
    private static final Option NODE_ID =
            Option.value(
                    "--node-id",
                    "<number>",
                    "Identity that survives restarts, decimal or 0x hexadecimal: a member that"
                            + " comes back gets its old share.");
    private static final Option PARTITIONS =
            Option.value(
                    "--partitions",
                    "<n>",
                    "Partitions of each service: 256 unless said; all members must agree.");
    private static final Option DRAIN =
            Option.value(
                    "--drain-timeout",
                    "<time>",
                    "How long handing over may take when told to go: 10s unless said.");

    private static final Option DATA =
            Option.value(
                    "--data",
                    "<directory>",
                    "Keep the services on disk, in this member's own directory: they are there"
                            + " after a restart, and what is told OK is synced; all members must"
                            + " agree.");

    private static final Option METRICS =
            Option.value(
                    "--metrics",
                    "<port>",
                    "Give out at http://127.0.0.1:<port>/metrics what is measured, as Prometheus"
                            + " reads it, to who is at this machine, and at /health/live and"
                            + " /health/ready how it is; 0 takes any port.");

    static final Grammar GRAMMAR =
            Grammar.of(
                            "serve",
                            "Serve services with the built-in verbs, in the foreground, until"
                                    + " stopped.")
                    .with(SERVICES)
                    .with(
                            List.of(
                                    BIND,
                                    PORT,
                                    INSECURE,
                                    NAME,
                                    NODE_ID,
                                    PARTITIONS,
                                    DRAIN,
                                    DATA,
                                    METRICS));

    private final Invocation tuli;
    private final Arguments arguments;
    private final List<String> services;

    ServeCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.services = arguments.words(SERVICES);
    }

    @Override
    public Exit run() throws Exception {
        Duration drainTime = Amount.duration(arguments.text(DRAIN).orElse("10s"));
        List<ServiceConfig<Object>> configs = services.stream().map(this::config).toList();
        try (Mesh mesh = builder().join()) {
            Shutdown.Registration registration =
                    tuli.shutdown()
                            .on(
                                    () ->
                                            Foreground.leave(
                                                    tuli,
                                                    "handing over",
                                                    () -> mesh.close(drainTime)));
            try (AutoCloseable events = mesh.events(new EventLog(tuli)::tell)) {
                configs.forEach(mesh::serve);
                return arguments.text(METRICS).isPresent() ? measured(mesh) : plain(mesh, "");
            } finally {
                registration.close();
            }
        }
    }

    private Exit plain(Mesh mesh, String url) throws InterruptedException {
        ready(mesh, url);
        return Foreground.awaitEnd(tuli, mesh);
    }

    /** Metrics and health have a gateway of their own, which exposes nothing. */
    private Exit measured(Mesh mesh) throws Exception {
        int port = small("--metrics", arguments.text(METRICS).orElseThrow());
        try (Foreground.Measuring measuring = new Foreground.Measuring(mesh);
                OpenGateway open = Gateway.on(mesh).port(port).metrics(measuring::text).start()) {
            return plain(mesh, open.url() + "/metrics");
        }
    }

    private ServiceConfig<Object> config(String service) {
        ServiceConfig<Object> plain = ServiceConfig.of(service, Object.class);
        ServiceConfig<Object> config = arguments.has(DATA) ? plain.durable() : plain;
        return arguments
                .text(PARTITIONS)
                .map(text -> config.partitions(small("--partitions", text)))
                .orElse(config);
    }

    private MeshBuilder builder() {
        MeshBuilder builder = tuli.server();
        arguments.text(BIND).ifPresent(builder::bind);
        arguments.text(PORT).ifPresent(text -> builder.port(small("--port", text)));
        arguments.text(NAME).ifPresent(builder::name);
        arguments.text(NODE_ID).ifPresent(text -> builder.nodeId(number("--node-id", text)));
        arguments.text(DATA).ifPresent(text -> builder.data(Path.of(text)));
        return arguments.has(INSECURE) ? builder.insecure() : builder;
    }

    private static int small(String option, String text) {
        long number = number(option, text);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new TuliException(Failure.BAD_REQUEST, option + " is out of range: " + text);
        }
        return (int) number;
    }

    private static long number(String option, String text) {
        try {
            return text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    option + " is a number, decimal or 0x hexadecimal: " + text);
        }
    }

    private void ready(Mesh mesh, String metrics) {
        Member self = mesh.self();
        if (tuli.isJson()) {
            tuli.terminal().line(Json.of(json(mesh, metrics)));
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
                                + (metrics.isEmpty() ? "" : "   metrics " + metrics)
                                + "   pid "
                                + ProcessHandle.current().pid()
                                + palette.paint(Colour.FAINT, "   (Ctrl-C hands over and leaves)"));
    }

    private Map<String, Object> json(Mesh mesh, String metrics) {
        Member self = mesh.self();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("ready", true);
        object.put("member", self.id().toString());
        object.put("name", self.name());
        object.put("data", self.address());
        object.put("mesh", mesh.name());
        object.put("services", services);
        if (!metrics.isEmpty()) {
            object.put("metrics", metrics);
        }
        object.put("pid", ProcessHandle.current().pid());
        return object;
    }
}
