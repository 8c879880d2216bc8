package io.tuli.archive;

import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.Versioned;
import io.tuli.terminal.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes a snapshot: a line that says what it is, one for each document, and one that says how many
 * there were, without which it is not whole. The file has its name only when all of it is on disk,
 * and is its owner's alone.
 */
final class SnapshotWriter {

    static final String KIND = "documents";
    static final int FORMAT = 1;

    private SnapshotWriter() {}

    /** Nothing is overwritten. */
    static void requireNew(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new NoSuchFileException(String.valueOf(parent));
        }
    }

    /** Saves what a replica that is in sync holds; answers how many documents that is. */
    static long save(Service<Payload> replica, Path file) throws IOException {
        Path half =
                Files.createTempFile(parent(file), file.getFileName() + ".", ".part", mine(file));
        try {
            long saved;
            try (FileChannel out = FileChannel.open(half, Set.of(StandardOpenOption.WRITE))) {
                BufferedWriter lines =
                        new BufferedWriter(
                                new OutputStreamWriter(
                                        Channels.newOutputStream(out), StandardCharsets.UTF_8));
                saved = write(replica, lines);
                lines.flush();
                out.force(true);
            }
            requireNew(file);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            return saved;
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static Path parent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new NoSuchFileException(file.toString());
        }
        return parent;
    }

    private static FileAttribute<?>[] mine(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static long write(Service<Payload> replica, BufferedWriter lines) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("tuli", KIND);
        header.put("format", FORMAT);
        header.put("service", replica.name());
        header.put("time", Instant.now().toString());
        line(lines, header);
        long saved = 0;
        for (String name : replica.state().keySet()) {
            Key key = Key.of(name);
            Versioned<Payload> found = replica.versioned(key);
            Payload value = found.value();
            if (!found.exists() || value == null) {
                continue; // It has gone since.
            }
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("key", name);
            document.put("version", found.version().toString());
            replica.expiresAt(key).ifPresent(at -> document.put("expires", at.toString()));
            document.put(value.format() == Payload.Format.OPAQUE ? "bytes" : "value", value);
            line(lines, document);
            saved++;
        }
        line(lines, Map.of("end", saved));
        return saved;
    }

    private static void line(BufferedWriter lines, Map<String, Object> fields) throws IOException {
        lines.write(Json.of(fields));
        lines.write('\n');
    }
}
