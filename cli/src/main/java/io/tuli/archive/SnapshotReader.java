package io.tuli.archive;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.terminal.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what {@link SnapshotWriter} wrote. One thread. */
final class SnapshotReader {

    /** A document of the largest size there is, as Base64, and what stands beside it. */
    private static final int LINE_BYTES_MOST = 96 << 20;

    /** A document may nest as deep as any; its line is one deeper. */
    private static final int DEPTH_MOST = 500;

    private static final JsonCodec CODEC =
            new JsonCodec(Limits.builder().documentDepth(DEPTH_MOST).build());
    private static final JsonDocuments DOCUMENTS = new JsonDocuments();

    private final Lines lines;
    private long number;

    private SnapshotReader(InputStream in) {
        this.lines = new Lines(in, LINE_BYTES_MOST);
    }

    /**
     * What a file says of itself.
     *
     * @param service whose documents they were
     * @param documents how many they are
     */
    record Facts(String service, long documents) {}

    /**
     * One document.
     *
     * @param expires when it goes by itself; null if it does not
     */
    record Document(Key key, Payload value, @Nullable Instant expires) {}

    /**
     * Reads all of it.
     *
     * @throws TuliException BAD_REQUEST where it is not whole, or a later release's
     */
    static Facts check(Path file) throws IOException {
        return read(file, document -> true);
    }

    /** The documents, in order, for as long as they are wanted. */
    static Facts read(Path file, Predicate<Document> visitor) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new SnapshotReader(in).read(visitor);
        }
    }

    private Facts read(Predicate<Document> visitor) throws IOException {
        Map<String, Payload> header = next();
        if (header == null || !text(header, "tuli").equals(SnapshotWriter.KIND)) {
            throw refused(
                    "the first line of a snapshot says that it is one, as tuli snapshot save");
        }
        if (!text(header, "format").equals(String.valueOf(SnapshotWriter.FORMAT))) {
            throw refused(
                    "its format must be known here: format="
                            + text(header, "format")
                            + " known="
                            + SnapshotWriter.FORMAT);
        }
        long documents = 0;
        Map<String, Payload> line = next();
        while (line != null && !line.containsKey("end")) {
            if (!visitor.test(document(line))) {
                return new Facts(text(header, "service"), documents);
            }
            documents++;
            line = next();
        }
        if (line == null || !text(line, "end").equals(String.valueOf(documents))) {
            throw refused(
                    "a snapshot ends with the number of its documents: read="
                            + documents
                            + " said="
                            + (line == null ? "nothing" : text(line, "end")));
        }
        return new Facts(text(header, "service"), documents);
    }

    private @Nullable Map<String, Payload> next() throws IOException {
        number++;
        try {
            String line = lines.next();
            while (line != null && line.isBlank()) {
                number++;
                line = lines.next();
            }
            return line == null ? null : DOCUMENTS.fields(CODEC.parseText(line));
        } catch (CharacterCodingException noText) {
            throw refused("a line is text in UTF-8");
        } catch (TuliException noJson) {
            throw refused(String.valueOf(noJson.getMessage()));
        }
    }

    private Document document(Map<String, Payload> line) {
        Payload key = line.get("key");
        if (key == null) {
            throw refused("a document has a key");
        }
        Payload bytes = line.get("bytes");
        Payload value = bytes == null ? line.get("value") : Payload.opaque(decoded(bytes));
        if (value == null) {
            throw refused("a document has a value, or bytes in Base64");
        }
        return new Document(Key.of(DOCUMENTS.text(key)), value, expires(line));
    }

    private byte[] decoded(Payload bytes) {
        try {
            return Base64.getDecoder().decode(DOCUMENTS.text(bytes));
        } catch (IllegalArgumentException noBase64) {
            throw refused("bytes are in Base64: " + noBase64.getMessage());
        }
    }

    private @Nullable Instant expires(Map<String, Payload> line) {
        if (!line.containsKey("expires")) {
            return null;
        }
        String text = text(line, "expires");
        try {
            return Instant.parse(text);
        } catch (DateTimeException noTime) {
            throw refused("expires is a time as 2026-01-31T12:00:00Z: " + text);
        }
    }

    private static String text(Map<String, Payload> line, String field) {
        return DOCUMENTS.text(line.getOrDefault(field, Payload.NONE));
    }

    private TuliException refused(String rule) {
        return new TuliException(Failure.BAD_REQUEST, rule + " line=" + number);
    }
}
