package io.tuli.log;

import io.tuli.bytes.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entries one behind the other as bytes: a piece of a changelog on its way to another. Immutable,
 * so any thread; what it holds may be a part of a changelog's own arrays, in which bytes that were
 * given away are never written again.
 */
public final class Entries {

    private static final int[] NO_HASHES = {};

    public static final Entries NONE = new Entries(new byte[0], 0, new int[0], 0, 0);

    private final byte[] bytes;
    private final int from;

    /** Where in the array each ends, from the first one's number on. */
    private final int[] ends;

    private final int first;
    private final int count;

    /** Of each replacement's key, from the first one's number on, where it is known; else empty. */
    private final int[] keyHashes;

    Entries(byte[] bytes, int from, int[] ends, int first, int count) {
        this(bytes, from, ends, first, count, NO_HASHES);
    }

    Entries(byte[] bytes, int from, int[] ends, int first, int count, int[] keyHashes) {
        this.bytes = bytes;
        this.from = from;
        this.ends = ends;
        this.first = first;
        this.count = count;
        this.keyHashes = keyHashes;
    }

    public static Entries of(List<Entry> entries) {
        if (entries.isEmpty()) {
            return NONE;
        }
        int size = 0;
        for (Entry entry : entries) {
            size += EntryForm.sizeAtMost(entry);
        }
        byte[] bytes = new byte[size];
        int[] ends = new int[entries.size()];
        int at = 0;
        for (int i = 0; i < ends.length; i++) {
            at = EntryForm.write(entries.get(i), bytes, at);
            ends[i] = at;
        }
        return new Entries(bytes, 0, ends, 0, ends.length);
    }

    /**
     * Copies so many entries out of an array that somebody else has filled.
     *
     * @param reader looks at each of them
     * @throws MalformedException unless so many are there, each of its one form
     */
    public static Entries read(byte[] in, int from, int limit, int count, EntryReader reader) {
        if (count == 0) {
            return NONE;
        }
        if (count > (limit - from) / EntryReader.BYTES_MIN) {
            throw new MalformedException("more is counted than follows: count=" + count);
        }
        int[] ends = new int[count];
        int[] keyHashes = new int[count];
        int at = from;
        for (int i = 0; i < count; i++) {
            at = reader.read(in, at, limit);
            reader.requireShortest();
            ends[i] = at - from;
            keyHashes[i] = reader.isReplacement() ? reader.keyHash() : 0;
        }
        return new Entries(Arrays.copyOfRange(in, from, at), 0, ends, 0, count, keyHashes);
    }

    public int size() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The array they lie in, without gaps: never write to it. */
    public byte[] array() {
        return bytes;
    }

    /** Where in the array they begin. */
    public int from() {
        return from;
    }

    public int sizeBytes() {
        return count == 0 ? 0 : end(count - 1) - from;
    }

    private int start(int index) {
        return index == 0 ? from : end(index - 1);
    }

    private int end(int index) {
        return ends[first + index];
    }

    /** Points a reader at one of them. */
    public void read(int index, EntryReader reader) {
        reader.read(bytes, start(index), end(index));
        if (keyHashes.length > 0 && reader.isReplacement()) {
            reader.keyHash(keyHashes[first + index]);
        }
    }

    /** Whether {@link #keyHash} is known of them. */
    public boolean haveKeyHashes() {
        return keyHashes.length > 0;
    }

    /** Of one that replaces a document, {@link EntryReader#keyHash}; 0 of others. */
    public int keyHash(int index) {
        return keyHashes[first + index];
    }

    /** One of them as an object. */
    public Entry at(int index) {
        EntryReader reader = new EntryReader();
        read(index, reader);
        return reader.entry();
    }

    /** All of them as objects; the list is the caller's. */
    public List<Entry> list() {
        EntryReader reader = new EntryReader();
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            read(i, reader);
            entries.add(reader.entry());
        }
        return entries;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entries that
                && that.count == count
                && Arrays.equals(
                        bytes, from, from + sizeBytes(), that.bytes, that.from, that.endBytes());
    }

    private int endBytes() {
        return from + sizeBytes();
    }

    @Override
    public int hashCode() {
        int hash = count;
        for (int i = from; i < endBytes(); i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
