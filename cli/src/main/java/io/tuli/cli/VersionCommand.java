package io.tuli.cli;

import io.tuli.command.Command;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what is running. */
final class VersionCommand implements Command {

    private static final String UNPACKED = "unpacked";

    static final Grammar GRAMMAR =
            Grammar.of("version", "Print the versions of Tuli and of its JVM.");

    private final Invocation tuli;

    VersionCommand(Invocation tuli) {
        this.tuli = tuli;
    }

    @Override
    public Exit run() {
        String java = Runtime.version().toString();
        if (tuli.isJson()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("tuli", ofTuli());
            object.put("java", java);
            tuli.terminal().line(Json.of(object));
        } else {
            tuli.terminal().line("tuli " + ofTuli() + " (Java " + java + ")");
        }
        return Exit.OK;
    }

    /** The version in the jar's manifest; there is none outside a jar. */
    static String ofTuli() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKED : version;
    }
}
