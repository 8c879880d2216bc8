package io.tuli.staging;

import io.tuli.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that holds up, fails, and is full, where it is told to. */
final class FaultyDisk implements Disk {

    final AtomicInteger forces = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();

    /** Threads that are held up by {@link #hold}. */
    final AtomicInteger held = new AtomicInteger();

    private final Disk disk;
    private final Semaphore gate = new Semaphore(1);
    private volatile boolean isFull;
    private volatile long freeBytes = Long.MAX_VALUE;
    private volatile boolean failsWrites;
    private volatile boolean failsForces;

    FaultyDisk(Disk disk) {
        this.disk = disk;
    }

    /** No sync ends until it is released. */
    void hold() {
        gate.acquireUninterruptibly();
    }

    void release() {
        gate.release();
    }

    void full(boolean full) {
        isFull = full;
    }

    void failWrites() {
        failsWrites = true;
    }

    void failForces() {
        failsForces = true;
    }

    @Override
    public List<String> names() throws IOException {
        return disk.names();
    }

    /** So much of it is free, as it says. */
    void free(long bytes) {
        freeBytes = bytes;
    }

    @Override
    public long freeBytes() {
        return freeBytes;
    }

    @Override
    public File create(String name, long bytes) throws IOException {
        if (isFull) {
            throw new IOException("No space left on device");
        }
        return new Open(disk.create(name, bytes));
    }

    @Override
    public File open(String name) throws IOException {
        return new Open(disk.open(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void forceNames() throws IOException {
        disk.forceNames();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }

    private final class Open implements File {

        private final File file;

        Open(File file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            file.read(into, at);
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            writes.incrementAndGet();
            if (failsWrites) {
                throw new IOException("Input/output error");
            }
            file.write(from, at);
        }

        @Override
        public void force() throws IOException {
            forces.incrementAndGet();
            held.incrementAndGet();
            gate.acquireUninterruptibly();
            gate.release();
            held.decrementAndGet();
            if (failsForces) {
                throw new IOException("Input/output error");
            }
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
