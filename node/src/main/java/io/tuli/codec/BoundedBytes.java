package io.tuli.codec;

import java.io.ByteArrayOutputStream;

/** Bytes that are written, up to so many; then whoever writes them is stopped. One thread. */
final class BoundedBytes extends ByteArrayOutputStream {

    private final long most;
    private boolean isOver;

    BoundedBytes(long most) {
        this.most = most;
    }

    @Override
    public synchronized void write(int written) {
        require(1);
        super.write(written);
    }

    @Override
    public synchronized void write(byte[] written, int offset, int length) {
        require(length);
        super.write(written, offset, length);
    }

    private void require(int more) {
        isOver |= count + (long) more > most;
        if (isOver) {
            throw new IllegalStateException("a value is written to at most so many bytes: " + most);
        }
    }

    /** Whether more was to be written. */
    boolean isOver() {
        return isOver;
    }
}
