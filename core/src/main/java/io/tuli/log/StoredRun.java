package io.tuli.log;

import io.tuli.bytes.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Documents one behind the other as bytes: a piece of a partition's state on its way to another
 * member, in the form in which it travels. Immutable, so any thread.
 */
public final class StoredRun {

    private final byte[] bytes;
    private final int sizeBytes;
    private final int count;

    StoredRun(byte[] bytes, int sizeBytes, int count) {
        this.bytes = bytes;
        this.sizeBytes = sizeBytes;
        this.count = count;
    }

    /** A document under its top-level key. */
    public record Document(String key, Stored stored) {}

    public static StoredRun of(List<Document> documents) {
        StoredWriter writer = new StoredWriter(Integer.MAX_VALUE);
        documents.forEach(each -> writer.add(each.key(), each.stored()));
        List<StoredRun> runs = writer.runs();
        return runs.isEmpty() ? new StoredRun(new byte[0], 0, 0) : runs.getFirst();
    }

    /**
     * Copies so many documents out of an array that somebody else has filled.
     *
     * @throws MalformedException unless so many are there, each of its one form
     */
    public static StoredRun read(byte[] in, int from, int limit, int count) {
        if (count > (limit - from) / StoredReader.BYTES_MIN) {
            throw new MalformedException("more is counted than follows: count=" + count);
        }
        StoredReader reader = new StoredReader();
        int at = from;
        for (int i = 0; i < count; i++) {
            at = reader.read(in, at, limit);
        }
        return new StoredRun(Arrays.copyOfRange(in, from, at), at - from, count);
    }

    public int size() {
        return count;
    }

    /** The array they lie in from its beginning, without gaps: never write to it. */
    public byte[] array() {
        return bytes;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /** Points a reader at one after the other. */
    public void forEach(Consumer<StoredReader> visitor) {
        StoredReader reader = new StoredReader();
        int at = 0;
        for (int i = 0; i < count; i++) {
            at = reader.read(bytes, at, sizeBytes);
            visitor.accept(reader);
        }
    }

    /** All of them as objects; the list is the caller's. */
    public List<Document> list() {
        List<Document> documents = new ArrayList<>(count);
        forEach(reader -> documents.add(new Document(reader.key(), reader.stored())));
        return documents;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredRun that
                && that.count == count
                && Arrays.equals(bytes, 0, sizeBytes, that.bytes, 0, that.sizeBytes);
    }

    @Override
    public int hashCode() {
        int hash = count;
        for (int i = 0; i < sizeBytes; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
