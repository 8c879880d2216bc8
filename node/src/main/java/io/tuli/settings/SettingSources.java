package io.tuli.settings;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.file.OwnFiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The places where settings are looked for.
 *
 * @param code what the program itself says, by name
 * @param properties system properties
 * @param environment environment variables
 * @param directory where {@code tuli.properties} may lie: read unasked only if both are this user's
 *     own or root's
 */
public record SettingSources(
        Map<String, String> code,
        Map<String, String> properties,
        Map<String, String> environment,
        Path directory) {
    private static final String STANDARD_FILE = "tuli.properties";
    private static final long FILE_BYTES_MAX = 1024 * 1024;

    public SettingSources {
        code = Map.copyOf(code);
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
    }

    /** Those of this process, and what the program says. */
    public static SettingSources ofThisProcess(Map<String, String> code) {
        Properties system = System.getProperties();
        Map<String, String> properties = new TreeMap<>();
        system.stringPropertyNames()
                .forEach(name -> properties.put(name, system.getProperty(name, "")));
        return new SettingSources(code, properties, System.getenv(), Path.of(""));
    }

    /**
     * Whether there is a file that nobody asked for, and that others can have put there: it is not
     * read.
     */
    boolean isForeign(String named) {
        Path file = directory.resolve(STANDARD_FILE);
        try {
            return named.isEmpty() && Files.isRegularFile(file) && !OwnFiles.isTrusted(file);
        } catch (IOException unknown) {
            return true;
        }
    }

    /** What the file says, by name; nothing where there is no file and none was asked for. */
    Map<String, String> read(String named) {
        Path file = directory.resolve(named.isEmpty() ? STANDARD_FILE : named);
        if (named.isEmpty() && (!Files.isRegularFile(file) || isForeign(named))) {
            return Map.of();
        }
        Properties lines = new Properties();
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw unreadable(file, "it is larger than 1 MiB");
            }
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                lines.load(reader);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, e.toString());
        }
        Map<String, String> settings = new TreeMap<>();
        lines.stringPropertyNames()
                .forEach(name -> settings.put(name, lines.getProperty(name, "")));
        return settings;
    }

    /** The file's name, for people. */
    String fileName(String named) {
        return named.isEmpty() ? STANDARD_FILE : named;
    }

    private static TuliException unreadable(Path file, String why) {
        return new TuliException(
                Failure.BAD_REQUEST,
                "a settings file must be readable: file=" + file + " reason=" + why);
    }
}
