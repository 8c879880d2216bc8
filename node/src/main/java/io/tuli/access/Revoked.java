package io.tuli.access;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.file.OwnFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** A file with the ids of tokens that count no more: one a line, {@code #} begins a comment. */
public final class Revoked {

    private static final String SETTING = "tokens.revoked";
    private static final long BYTES_MAX = 1024 * 1024;

    private Revoked() {}

    /**
     * The ids.
     *
     * @throws TuliException BAD_REQUEST, naming file and line, where it is not as it must be
     */
    public static Set<String> read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw refused(file, "it is larger than 1 MiB");
            }
            if (!OwnFiles.isTrusted(file)) {
                throw refused(
                        file,
                        "others may write it, or its directory; say: chmod o-w, and own both");
            }
            Set<String> ids = new LinkedHashSet<>();
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                int comment = line.indexOf('#');
                String id = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (id.chars().anyMatch(Character::isWhitespace)) {
                    throw refused(file, "line " + number + ": it holds one id, and no more");
                }
                if (!id.isEmpty()) {
                    ids.add(id);
                }
            }
            return ids;
        } catch (IOException e) {
            throw refused(file, "it cannot be read: " + e);
        }
    }

    private static TuliException refused(Path file, String why) {
        return new TuliException(
                Failure.BAD_REQUEST, SETTING + " must be right: " + file + ": " + why);
    }
}
