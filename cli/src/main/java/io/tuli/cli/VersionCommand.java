package io.tuli.cli;

import io.tuli.terminal.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what is running. */
@Command(name = "version", description = "Print the versions of Tuli and of its JVM.")
final class VersionCommand implements Callable<Integer> {

    private static final String UNPACKED = "unpacked";

    private final TuliCommand tuli;

    VersionCommand(TuliCommand tuli) {
        this.tuli = tuli;
    }

    @Override
    public Integer call() {
        String java = Runtime.version().toString();
        if (tuli.isJson()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("tuli", ofTuli());
            object.put("java", java);
            tuli.terminal().line(Json.of(object));
        } else {
            tuli.terminal().line("tuli " + ofTuli() + " (Java " + java + ")");
        }
        return Exit.OK.code();
    }

    /** The version in the jar's manifest; there is none outside a jar. */
    static String ofTuli() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKED : version;
    }
}
