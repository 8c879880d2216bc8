package io.tuli.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory, and all that a journal asks of it: so that a simulation can put a disk under the
 * same code that forgets, tears and fails. One thread at a time, but for {@link #create}, beside
 * which another may use files that are there.
 *
 * <p>Nothing is durable before it is forced: bytes by {@link File#force}, names by {@link
 * #forceNames}.
 */
public interface Disk extends AutoCloseable {

    /** The files there, in no order. */
    List<String> names() throws IOException;

    /** So many bytes others may write there; as many as can be where nobody knows. */
    long freeBytes() throws IOException;

    /** A file of so many zeros, which are there for good; one of that name is overwritten. */
    File create(String name, long bytes) throws IOException;

    File open(String name) throws IOException;

    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes what was created, renamed and deleted last. */
    void forceNames() throws IOException;

    @Override
    void close() throws IOException;

    /** A file whose length never changes. */
    interface File extends AutoCloseable {

        long size() throws IOException;

        /** Reads as much as there is room for, or up to the end. */
        void read(ByteBuffer into, long at) throws IOException;

        /** Writes all of it. */
        void write(ByteBuffer from, long at) throws IOException;

        /** Makes all that was written last. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
