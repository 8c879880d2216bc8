package io.tuli.command;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.node.MeshBuilder;
import io.tuli.node.Tuli;
import io.tuli.settings.AccessSettings;
import io.tuli.settings.KnownSettings;
import io.tuli.settings.Origin;
import io.tuli.settings.SettingSources;
import io.tuli.settings.Settings;
import io.tuli.terminal.Amount;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Option;
import io.tuli.terminal.Palette;
import io.tuli.terminal.Shutdown;
import io.tuli.terminal.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What all commands share: where they run, and the options that each of them has. An option wins
 * over a system property, that over the environment, that over a file, that over the default.
 * Immutable.
 */
public final class Invocation {

    public static final Option VERSION = Option.flag("--version", "Print the version.");

    private static final Option MESH =
            Option.value(
                    "--mesh",
                    "<name>",
                    "The mesh to join: tuli unless said. Environment: TULI_MESH.");
    private static final Option PEERS =
            Option.value(
                    "--peers",
                    "<host:port>",
                    "Where members are found, comma-separated, or srv:_name for SRV records; on one"
                            + " machine nothing need be said. Environment: TULI_PEERS.");
    private static final Option SECRET =
            Option.value(
                    "--secret",
                    "<text>",
                    "What all members of the mesh know, 32 bytes at least. Others on this machine"
                            + " see it here: TULI_SECRET or --setting secret.file is better.");
    private static final Option TIMEOUT =
            Option.value(
                    "--timeout",
                    "<time>",
                    "How long to wait for an answer: 500ms, 5s, 2m. 5s unless said.");
    private static final Option SETTING =
            Option.value(
                    "--setting", "<name=value>", "A setting of docs/tuning.md; may be repeated.");
    private static final Option JSON = Option.flag("--json", "Print JSON and nothing else.");
    private static final Option NO_COLOUR =
            Option.flag("--no-color", "No colours, as with NO_COLOR or in a pipe.");
    private static final Option QUIET = Option.flag("-q --quiet", "Print results and errors only.");
    private static final Option VERBOSE =
            Option.flag("-v --verbose", "Print what happens inside, and where an error came from.");
    public static final Option HELP = Option.flag("-h --help", "Explain the command.");

    /** The options that all commands have. */
    public static final Grammar COMMON =
            Grammar.of("", "Services that carry their own state: the operator's terminal.")
                    .with(
                            List.of(
                                    MESH, PEERS, SECRET, TIMEOUT, SETTING, JSON, NO_COLOUR, QUIET,
                                    VERBOSE, HELP, VERSION));

    private static final String LOGGER = "org.slf4j.simpleLogger.";

    private final Terminal terminal;
    private final Shutdown shutdown;
    private final Arguments arguments;

    public Invocation(Terminal terminal, Shutdown shutdown, Arguments arguments) {
        this.terminal = terminal;
        this.shutdown = shutdown;
        this.arguments = arguments;
    }

    public Terminal terminal() {
        return terminal;
    }

    public Shutdown shutdown() {
        return shutdown;
    }

    public Palette palette() {
        boolean isWanted =
                !arguments.has(NO_COLOUR) && !terminal.environment().containsKey("NO_COLOR");
        return isWanted && terminal.isInteractive() ? Palette.COLOURED : Palette.PLAIN;
    }

    public boolean isJson() {
        return arguments.has(JSON);
    }

    public boolean isQuiet() {
        return arguments.has(QUIET);
    }

    public boolean isVerbose() {
        return arguments.has(VERBOSE);
    }

    public Duration timeout() {
        return Amount.duration(arguments.text(TIMEOUT).orElse("5s"));
    }

    /** Says something for people, unless they want quiet. */
    public void note(String text) {
        if (!isQuiet()) {
            terminal.say(text);
        }
    }

    /** What is in force, and where each value is from. */
    public Settings settings() {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties()
                .forEach((name, value) -> properties.put(name.toString(), value.toString()));
        return Settings.of(
                new SettingSources(options(), properties, terminal.environment(), Path.of("")));
    }

    /** How to join as a client: what a channel says when it is soon closed again is no news. */
    MeshBuilder client() {
        MeshBuilder builder = meshBuilder("off").client();
        boolean isSaid = settings().origin(KnownSettings.ROLE).kind() != Origin.Kind.DEFAULT;
        boolean isProven =
                !settings().value(KnownSettings.TLS_CERT).isEmpty()
                        || !settings().value(AccessSettings.TOKEN_FILE).isEmpty();
        return isSaid || isProven
                ? builder
                : builder.settings(Map.of(KnownSettings.ROLE.name(), "operator"));
    }

    /** How to join as a server, whose log is read by who runs it. */
    public MeshBuilder server() {
        return meshBuilder("warn");
    }

    /** For a command that joins no mesh. */
    public void logNothing() {
        System.getProperties().putIfAbsent(LOGGER + "log.io.tuli.handler", "off");
        logAs("off");
    }

    private MeshBuilder meshBuilder(String level) {
        logAs(isVerbose() ? "info" : level);
        if (arguments.text(SECRET).isPresent()) {
            note(
                    "tuli: --secret shows in this machine's list of processes: say TULI_SECRET,"
                            + " or --setting secret.file=<file>");
        }
        return Tuli.mesh(settings().value(KnownSettings.MESH)).settings(options());
    }

    /** What the command line sets. */
    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        for (String setting : arguments.texts(SETTING)) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new TuliException(
                        Failure.BAD_REQUEST,
                        "--setting is name=value: " + setting + "; try message.bytes=2MiB");
            }
            options.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        arguments.text(MESH).ifPresent(text -> options.put(KnownSettings.MESH.name(), text));
        arguments.text(PEERS).ifPresent(text -> options.put(KnownSettings.PEERS.name(), text));
        arguments.text(SECRET).ifPresent(text -> options.put(KnownSettings.SECRET.name(), text));
        return options;
    }

    /** Must come before the first logger is made; what was set from outside stays. */
    private static void logAs(String level) {
        Properties properties = System.getProperties();
        properties.putIfAbsent(LOGGER + "defaultLogLevel", level);
        properties.putIfAbsent(LOGGER + "log.io.tuli", level.equals("off") ? "warn" : level);
        properties.putIfAbsent(LOGGER + "showThreadName", "false");
        properties.putIfAbsent(LOGGER + "showShortLogName", "true");
        properties.putIfAbsent(LOGGER + "showDateTime", "true");
        properties.putIfAbsent(LOGGER + "dateTimeFormat", "HH:mm:ss.SSS");
    }
}
