package io.tuli.write;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.TuliException;
import io.tuli.bridge.Bridge;
import io.tuli.bridge.Export;
import io.tuli.bridge.Relay;
import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.node.Tuli;
import io.tuli.terminal.Arguments;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import io.tuli.terminal.Option;
import io.tuli.terminal.Parameter;
import io.tuli.terminal.Shutdown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * A server of two meshes that lets services and subjects of one be had in the other, in the
 * foreground, until it is told to go.
 */
public final class BridgeCommand implements Command {

    private static final Parameter OF =
            Parameter.one("<mesh>", "The mesh whose services and subjects are to be had.");
    private static final Option EXPORT =
            Option.value(
                    "--export",
                    "<service=name>",
                    "A service that is to be had, under this name or its own; may be repeated.");
    private static final Option ANY =
            Option.flag(
                    "--any", "Messages go to any server of a service, and not to owners of keys.");
    private static final Option RELAY =
            Option.value(
                    "--relay",
                    "<service=name>",
                    "A service whose subjects are to be heard, as those of this name or its own;"
                            + " may be repeated.");
    private static final Option SUBJECTS =
            Option.value(
                    "--subjects",
                    "<pattern>",
                    "Only subjects of this pattern, as in 'eu.>'; may be repeated.");
    private static final Option OF_SETTING =
            Option.value(
                    "--of-setting",
                    "<name=value>",
                    "A setting for the mesh <mesh>, such as its peers or its secret.file; may be"
                            + " repeated.");

    public static final Grammar GRAMMAR =
            Grammar.of(
                            "bridge",
                            "Let services and subjects of a mesh be had in the one of --mesh, in"
                                    + " the foreground, until stopped.")
                    .with(OF)
                    .with(List.of(EXPORT, ANY, RELAY, SUBJECTS, OF_SETTING));

    private final Invocation tuli;
    private final Arguments arguments;

    public BridgeCommand(Invocation tuli, Arguments arguments) {
        this.tuli = tuli;
        this.arguments = arguments;
    }

    @Override
    public Exit run() throws InterruptedException {
        List<Export> exports = arguments.texts(EXPORT).stream().map(this::export).toList();
        List<Relay> relays = arguments.texts(RELAY).stream().map(this::relay).toList();
        if (exports.isEmpty() && relays.isEmpty()) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "a bridge has something to do: say --export or --relay");
        }
        Map<String, String> settings = settings(arguments.texts(OF_SETTING));
        try (Mesh in = tuli.server().join();
                Mesh of = Tuli.mesh(arguments.word(OF)).settings(settings).join()) {
            Bridge.Plan plan = Bridge.between(of, in).within(tuli.timeout());
            exports.forEach(plan::export);
            relays.forEach(plan::relay);
            try (Bridge bridge = plan.start();
                    Shutdown.Registration registration =
                            tuli.shutdown().on(() -> leave(bridge, of, in))) {
                ready(bridge, of, in);
                bridge.closed().get();
                return Exit.OK;
            } catch (ExecutionException broken) {
                tuli.terminal().say("tuli: this bridge could not go on: " + broken.getCause());
                return Exit.BROKEN;
            }
        }
    }

    private Export export(String text) {
        String[] parts = parts(EXPORT, text);
        Export export = Export.of(parts[0]).as(parts[1]);
        return arguments.has(ANY) ? export.any() : export;
    }

    private Relay relay(String text) {
        String[] parts = parts(RELAY, text);
        Relay relay = Relay.of(parts[0]).as(parts[1]);
        List<String> subjects = arguments.texts(SUBJECTS);
        return subjects.isEmpty() ? relay : relay.subjects(subjects.toArray(new String[0]));
    }

    /** A name, and what it is called beyond: itself, where that is not said. */
    private static String[] parts(Option option, String text) {
        int equals = text.indexOf('=');
        String[] parts = {
            equals < 0 ? text : text.substring(0, equals), text.substring(equals + 1)
        };
        if (parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    option.label() + " is a service and perhaps a name: " + text);
        }
        return parts;
    }

    private static Map<String, String> settings(List<String> texts) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new TuliException(Failure.BAD_REQUEST, "--of-setting is name=value: " + text);
            }
            settings.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return settings;
    }

    private void ready(Bridge bridge, Mesh of, Mesh in) {
        List<String> names = new ArrayList<>();
        arguments.texts(EXPORT).forEach(text -> names.add(parts(EXPORT, text)[1]));
        arguments.texts(RELAY).forEach(text -> names.add(parts(RELAY, text)[1]));
        if (tuli.isJson()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("ready", true);
            object.put("of", of.name());
            object.put("mesh", in.name());
            object.put("names", names);
            object.put("pid", ProcessHandle.current().pid());
            tuli.terminal().line(Json.of(object));
        } else {
            tuli.terminal().line("ready   " + bridge + "   names " + String.join(", ", names));
        }
    }

    /** A bridge that was told to go has done what it was told, and ends the process itself. */
    private void leave(Bridge bridge, Mesh of, Mesh in) {
        tuli.note("leaving: the bridge ends");
        bridge.close();
        of.close();
        in.close();
        Runtime.getRuntime().halt(Exit.OK.code());
    }
}
