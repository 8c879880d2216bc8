package io.tuli.cli;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.node.MeshBuilder;
import io.tuli.node.Tuli;
import io.tuli.settings.KnownSettings;
import io.tuli.settings.Setting;
import io.tuli.settings.SettingSources;
import io.tuli.settings.Settings;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Palette;
import io.tuli.terminal.Shutdown;
import io.tuli.terminal.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command above all commands: the options they share, and what those come to. An option wins
 * over the environment, that over the default.
 */
@Command(
        name = "tuli",
        description = "Services that carry their own state: the operator's terminal.",
        synopsisSubcommandLabel = "<command>")
final class TuliCommand implements Runnable {

    private static final String TIMEOUT = "5s";
    private static final String LOGGER = "org.slf4j.simpleLogger.";

    private final Terminal terminal;
    private final Shutdown shutdown;

    @Option(
            names = "--mesh",
            scope = ScopeType.INHERIT,
            paramLabel = "<name>",
            description = "The mesh to join: tuli unless said. Environment: TULI_MESH.")
    private @Nullable String mesh;

    @Option(
            names = "--peers",
            scope = ScopeType.INHERIT,
            paramLabel = "<host:port>",
            description =
                    "Where members are found, comma-separated; on one machine nothing need be said."
                            + " Environment: TULI_PEERS.")
    private @Nullable String peers;

    @Option(
            names = "--secret",
            scope = ScopeType.INHERIT,
            paramLabel = "<text>",
            description =
                    "What all members of the mesh know, 32 bytes at least. Better given by the"
                            + " environment: TULI_SECRET.")
    private @Nullable String secret;

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "<time>",
            description = "How long to wait for an answer: 500ms, 5s, 2m. 5s unless said.")
    private String timeout = TIMEOUT;

    @Option(
            names = "--setting",
            scope = ScopeType.INHERIT,
            paramLabel = "<name=value>",
            description = "A setting of docs/tuning.md; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours, as with NO_COLOR or in a pipe.")
    private boolean noColour;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print results and errors only.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Print what happens inside, and where an error came from.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Explain the command.")
    @SuppressWarnings("UnusedVariable") // The parser looks at it, and explains.
    private boolean help;

    @Option(names = "--version", description = "Print the version.")
    private boolean version;

    TuliCommand(Terminal terminal, Shutdown shutdown) {
        this.terminal = terminal;
        this.shutdown = shutdown;
    }

    /** Without a command there is nothing to do but to explain. */
    @Override
    public void run() {
        if (version) {
            terminal.line("tuli " + VersionCommand.ofTuli());
            return;
        }
        throw new TuliException(Failure.BAD_REQUEST, "a command is missing; tuli help lists them");
    }

    Terminal terminal() {
        return terminal;
    }

    Shutdown shutdown() {
        return shutdown;
    }

    Palette palette() {
        boolean isWanted = !noColour && !terminal.environment().containsKey("NO_COLOR");
        return isWanted && terminal.isInteractive() ? Palette.COLOURED : Palette.PLAIN;
    }

    boolean isJson() {
        return json;
    }

    boolean isQuiet() {
        return quiet;
    }

    boolean isVerbose() {
        return verbose;
    }

    Duration timeout() {
        return Amount.duration(timeout);
    }

    /** Says something for people, unless they want quiet. */
    void note(String text) {
        if (!quiet) {
            terminal.say(text);
        }
    }

    /** What is in force, and where each value is from. */
    Settings settings() {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties()
                .forEach((name, value) -> properties.put(name.toString(), value.toString()));
        return Settings.of(
                new SettingSources(options(), properties, terminal.environment(), Path.of("")));
    }

    /** How to join as a client: of what happens inside only errors matter to one command. */
    MeshBuilder client() {
        return meshBuilder("error").client();
    }

    /** How to join as a server, whose log is read by who runs it. */
    MeshBuilder server() {
        return meshBuilder("warn");
    }

    private MeshBuilder meshBuilder(String level) {
        logAs(verbose ? "info" : level);
        Settings inForce = settings();
        MeshBuilder builder =
                Tuli.mesh(inForce.value(KnownSettings.MESH))
                        .settings(options())
                        .peers(inForce.value(KnownSettings.PEERS).toArray(String[]::new));
        String known = inForce.value(KnownSettings.SECRET);
        return known.isEmpty() ? builder : builder.secret(known);
    }

    /** What the command line sets. */
    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>(settings);
        put(options, KnownSettings.MESH, mesh);
        put(options, KnownSettings.PEERS, peers);
        put(options, KnownSettings.SECRET, secret);
        return options;
    }

    private static void put(
            Map<String, String> options, Setting<?> setting, @Nullable String text) {
        if (text != null) {
            options.put(setting.name(), text);
        }
    }

    /** Must come before the first logger is made; what was set from outside stays. */
    private static void logAs(String level) {
        Properties properties = System.getProperties();
        properties.putIfAbsent(LOGGER + "defaultLogLevel", level);
        properties.putIfAbsent(LOGGER + "log.io.tuli", level.equals("error") ? "warn" : level);
        properties.putIfAbsent(LOGGER + "showThreadName", "false");
        properties.putIfAbsent(LOGGER + "showShortLogName", "true");
        properties.putIfAbsent(LOGGER + "showDateTime", "true");
        properties.putIfAbsent(LOGGER + "dateTimeFormat", "HH:mm:ss.SSS");
    }
}
