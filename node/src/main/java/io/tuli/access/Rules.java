package io.tuli.access;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.file.OwnFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file of rules says: one a line, in the order in which they are looked at; empty lines and
 * what follows a {@code #} are left out. Immutable.
 *
 * @param all in their order
 */
public record Rules(List<Rule> all) {

    /** Of a member that was given no file. */
    public static final Rules NONE = new Rules(List.of());

    private static final String SETTING = "access.rules";
    private static final long BYTES_MAX = 256 * 1024;
    private static final int RULES_MAX = 1_000;

    public Rules {
        all = List.copyOf(all);
    }

    /**
     * Reads the file that {@code access.rules} names.
     *
     * @throws TuliException BAD_REQUEST, naming file and line, where it is not as it must be
     */
    public static Rules read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw refused(file, "it is larger than 256 KiB");
            }
            if (!OwnFiles.isTrusted(file)) {
                throw refused(
                        file,
                        "others may write it, or its directory; say: chmod o-w, and own both");
            }
            return parse(Files.readAllLines(file, StandardCharsets.UTF_8), file);
        } catch (IOException e) {
            throw refused(file, "it cannot be read: " + e);
        }
    }

    private static Rules parse(List<String> lines, Path file) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int comment = line.indexOf('#');
            String said = comment < 0 ? line : line.substring(0, comment);
            if (!said.isBlank()) {
                rules.add(rule(said, i + 1, file));
            }
        }
        if (rules.size() > RULES_MAX) {
            throw refused(file, "it holds more than 1,000 rules: " + rules.size());
        }
        return new Rules(rules);
    }

    private static Rule rule(String said, int line, Path file) {
        try {
            return Rule.parse(said, SETTING + " line " + line);
        } catch (IllegalArgumentException broken) {
            throw refused(file, "line " + line + ": " + broken.getMessage());
        }
    }

    private static TuliException refused(Path file, String why) {
        return new TuliException(
                Failure.BAD_REQUEST, SETTING + " must be right: " + file + ": " + why);
    }
}
