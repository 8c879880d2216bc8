package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.error.Excerpt;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.node.MeshBuilder;
import io.tuli.secret.SecretFile;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Shutdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Services over HTTP and Socket.IO, in the foreground: a member with a gateway. Told to go, it
 * takes no more requests, answers those it has, leaves and exits with 0.
 */
final class GatewayCommand implements Command {

    private static final int PORT_MAX = 65_535;
    private static final int PORT_STANDARD = 3030;
    private static final Duration LEAVING = Duration.ofSeconds(10);

    private static final Option EXPOSE =
            Option.value(
                    "--expose",
                    "<services>",
                    "The services that may be called, comma-separated: todos,users. No others"
                            + " can be.");
    private static final Option PORT =
            Option.value("--port", "<port>", "Port of HTTP: 3030 unless said; 0 takes any.");
    private static final Option HOST =
            Option.value(
                    "--host",
                    "<address>",
                    "Address to listen on: 127.0.0.1 unless said; another needs --open.");
    private static final Option OPEN =
            Option.flag("--open", "Whoever reaches the address may call what is exposed.");
    private static final Option ORIGIN =
            Option.value(
                    "--origin",
                    "<origins>",
                    "Pages of these alone may read the answers, comma-separated:"
                            + " https://shop.example. Any unless said.");
    private static final Option RECORDS =
            Option.flag(
                    "--records",
                    "Serve what is exposed here, too, as records with find, get, create, update,"
                            + " patch and remove.");
    private static final Option EVENTS =
            Option.flag("--events", "Tell everybody who is connected what changes.");
    private static final Option CONSOLE =
            Option.flag(
                    "--console",
                    "Show the mesh at /console/ to who is at this machine: ring, members, services,"
                            + " keys, events.");
    private static final Option TLS_CERT =
            Option.value(
                    "--tls-cert",
                    "<file>",
                    "Speak TLS with this certificate, and those between it and its authority, in"
                            + " PEM; looked at every 5 s.");
    private static final Option TLS_KEY =
            Option.value("--tls-key", "<file>", "The key to it, in PKCS#8, its owner's alone.");
    private static final Option METRICS =
            Option.flag(
                    "--metrics",
                    "Give out at /metrics what is measured, as Prometheus reads it, to who is at"
                            + " this machine.");
    private static final Option METRICS_TOKEN =
            Option.value(
                    "--metrics-token",
                    "<file>",
                    "The same, and to whoever shows the token in the file, which has 32 characters"
                            + " or more.");
    private static final Option NAME =
            Option.value("--name", "<name>", "Name of this member, for people.");

    static final Grammar GRAMMAR =
            Grammar.of(
                            "gateway",
                            "Let browsers, curl and Feathers' clients call services, in the"
                                    + " foreground, until stopped.")
                    .with(
                            List.of(
                                    EXPOSE,
                                    PORT,
                                    HOST,
                                    OPEN,
                                    ORIGIN,
                                    RECORDS,
                                    EVENTS,
                                    CONSOLE,
                                    TLS_CERT,
                                    TLS_KEY,
                                    METRICS,
                                    METRICS_TOKEN,
                                    NAME));

    private final Invocation tuli;
    private final Arguments arguments;
    private final List<String> services;
    private final int port;

    GatewayCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
        this.services = names(arguments.text(EXPOSE).orElse(""));
        this.port = arguments.text(PORT).map(GatewayCommand::port).orElse(PORT_STANDARD);
    }

    @Override
    public Exit run() throws Exception {
        List<ServiceConfig<Object>> records = records();
        try (Mesh mesh = builder().join()) {
            Gateway gateway = gateway(mesh);
            try (AutoCloseable events = mesh.events(new EventLog(tuli)::tell)) {
                records.forEach(mesh::serve);
                return isMeasured() ? measured(mesh, gateway) : plain(mesh, gateway);
            }
        }
    }

    private Exit plain(Mesh mesh, Gateway gateway) throws Exception {
        try (OpenGateway open = gateway.start()) {
            return awaitEnd(mesh, open);
        }
    }

    private boolean isMeasured() {
        return arguments.has(METRICS) || arguments.text(METRICS_TOKEN).isPresent();
    }

    private Exit measured(Mesh mesh, Gateway gateway) throws Exception {
        String token =
                arguments
                        .text(METRICS_TOKEN)
                        .map(file -> SecretFile.read(Path.of(file)).getFirst())
                        .orElse("");
        try (Foreground.Measuring measuring = new Foreground.Measuring(mesh);
                OpenGateway open = gateway.metrics(measuring::text, token).start()) {
            measuring.gateway(open);
            return awaitEnd(mesh, open);
        }
    }

    private Exit awaitEnd(Mesh mesh, OpenGateway open) throws Exception {
        try (Shutdown.Registration told =
                tuli.shutdown()
                        .on(() -> Foreground.leave(tuli, "draining", () -> close(mesh, open)))) {
            ready(mesh, open);
            return Foreground.awaitEnd(tuli, mesh);
        }
    }

    private static void close(Mesh mesh, OpenGateway open) {
        open.close();
        mesh.close(LEAVING);
    }

    private static List<String> names(String said) {
        List<String> names = new ArrayList<>();
        for (String each : said.split(",")) {
            if (!each.isBlank()) {
                names.add(name(each.strip()));
            }
        }
        if (names.isEmpty()) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a gateway exposes what is named, and nothing is: --expose todos,users");
        }
        return names;
    }

    private static String name(String text) {
        if (!ServiceConfig.isName(text)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a service name is [A-Za-z0-9_.-]{1,100}: " + Excerpt.of(text));
        }
        return text;
    }

    private List<ServiceConfig<Object>> records() {
        if (!arguments.has(RECORDS)) {
            return List.of();
        }
        return services.stream()
                .map(each -> Resource.documents(each, Object.class).config())
                .toList();
    }

    private MeshBuilder builder() {
        MeshBuilder builder = tuli.server();
        arguments.text(NAME).ifPresent(builder::name);
        return builder;
    }

    private Gateway gateway(Mesh mesh) {
        Gateway gateway = Gateway.on(mesh).port(port).expose(services.toArray(String[]::new));
        if (arguments.text(HOST).isPresent()) {
            gateway = gateway.host(arguments.text(HOST).orElseThrow());
        }
        if (arguments.text(ORIGIN).isPresent()) {
            gateway = gateway.origins(arguments.text(ORIGIN).orElseThrow().split(","));
        }
        if (arguments.has(EVENTS)) {
            for (String each : services) {
                gateway = gateway.heardBy(each, (event, record) -> Set.of("everybody"));
            }
        }
        if (arguments.text(TLS_CERT).isPresent() || arguments.text(TLS_KEY).isPresent()) {
            gateway = gateway.tls(file(TLS_CERT, "--tls-cert"), file(TLS_KEY, "--tls-key"));
        }
        if (arguments.has(CONSOLE)) {
            gateway = gateway.console();
        }
        return arguments.has(OPEN) ? gateway.openToAll() : gateway;
    }

    private Path file(Option option, String name) {
        return arguments
                .text(option)
                .map(Path::of)
                .orElseThrow(
                        () ->
                                new TuliException(
                                        Failure.BAD_REQUEST,
                                        "TLS takes --tls-cert and --tls-key: not said is " + name));
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException wrong) {
            // told below
        }
        throw new TuliException(Failure.BAD_REQUEST, "--port is 0..65535: " + text);
    }

    private void ready(Mesh mesh, OpenGateway open) {
        if (tuli.isJson()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("ready", true);
            object.put("url", open.url());
            object.put("mesh", mesh.name());
            object.put("services", services);
            object.put("pid", ProcessHandle.current().pid());
            tuli.terminal().line(Json.of(object));
            return;
        }
        tuli.terminal()
                .line(
                        tuli.palette().paint(Colour.GREEN, "ready")
                                + "   "
                                + tuli.palette().paint(Colour.BOLD, open.url())
                                + "   mesh "
                                + mesh.name()
                                + "   services "
                                + String.join(", ", services)
                                + "   pid "
                                + ProcessHandle.current().pid()
                                + tuli.palette()
                                        .paint(Colour.FAINT, "   (Ctrl-C drains and leaves)"));
    }
}
