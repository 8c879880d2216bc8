package io.tuli.secret;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * A file that holds secrets: a line each, at most four, empty lines and those that begin with
 * {@code #} left out. There are two while one is changed for another. Nobody but its owner may read
 * it, where the file system knows of owners.
 */
public final class SecretFile {

    private static final long BYTES_MAX = 4 * 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private SecretFile() {}

    /**
     * The secrets in a file, in their order.
     *
     * @throws TuliException BAD_REQUEST where it cannot be read, others may read it, or it has none
     *     or more than four
     */
    public static List<String> read(Path file) {
        try {
            requireOwnersAlone(file);
            if (Files.size(file) > BYTES_MAX) {
                throw refused(file, "it is larger than 4 KiB");
            }
            List<String> lines =
                    Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList();
            if (lines.isEmpty() || lines.size() > Credentials.SECRETS_MAX) {
                throw refused(
                        file, "it must hold 1..4 secrets, a line each, and holds " + lines.size());
            }
            return lines;
        } catch (IOException e) {
            throw refused(file, "it cannot be read: " + e);
        }
    }

    /**
     * The token in a file, which is a line.
     *
     * @throws TuliException BAD_REQUEST where it cannot be read, others may read it, or it is none
     */
    public static Token readToken(Path file) {
        List<String> lines = read(file);
        if (lines.size() != 1) {
            throw refused(file, "it must hold one token, and holds " + lines.size() + " lines");
        }
        try {
            return Token.parse(lines.getFirst());
        } catch (IllegalArgumentException none) {
            throw refused(file, String.valueOf(none.getMessage()));
        }
    }

    private static void requireOwnersAlone(Path file) throws IOException {
        String why = whyNotOwnersAlone(file);
        if (!why.isEmpty()) {
            throw refused(file, why);
        }
    }

    /**
     * Sees to it that nobody but its owner may use a file that holds a key.
     *
     * @throws TuliException BAD_REQUEST where others may
     */
    static void requireOwnersAlone(String setting, Path file) {
        try {
            String why = whyNotOwnersAlone(file);
            if (!why.isEmpty()) {
                throw new TuliException(
                        Failure.BAD_REQUEST,
                        setting + " must name a file that is its owner's: " + file + ": " + why);
            }
        } catch (IOException e) {
            throw new TuliException(
                    Failure.BAD_REQUEST, setting + " cannot be looked at: " + file + ": " + e);
        }
    }

    private static String whyNotOwnersAlone(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return "";
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        boolean isOthers = permissions.stream().anyMatch(each -> !each.name().startsWith("OWNER_"));
        return isOthers
                ? "others may use it, mode="
                        + PosixFilePermissions.toString(permissions)
                        + "; say: chmod 600 "
                        + file
                : "";
    }

    /**
     * Writes a secret to a new file that only its owner may read.
     *
     * @throws TuliException BAD_REQUEST where there is such a file, or it cannot be written
     */
    public static void write(Path file, String secret) {
        try {
            boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (isPosix) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } else {
                Files.createFile(file);
            }
            writeWhole(file, secret);
        } catch (FileAlreadyExistsException there) {
            throw refused(file, "there is one already, and a secret is never overwritten");
        } catch (IOException e) {
            throw refused(file, "it cannot be written: " + e);
        }
    }

    /** A part of a secret is none: it is taken away again, so that the next attempt can be made. */
    private static void writeWhole(Path file, String secret) throws IOException {
        try {
            Files.writeString(file, secret + "\n", StandardOpenOption.WRITE);
        } catch (IOException full) {
            Files.deleteIfExists(file);
            throw full;
        }
    }

    private static TuliException refused(Path file, String why) {
        return new TuliException(
                Failure.BAD_REQUEST, "a file with a secret is its owner's: " + file + ": " + why);
    }
}
