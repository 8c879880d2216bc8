package io.tuli.pipe;

import java.util.concurrent.atomic.AtomicLong;

/** What all tunnels of a member have gathered of messages that are not whole yet. Any thread. */
final class Gathered {

    private final AtomicLong bytes = new AtomicLong();
    private final long most;

    Gathered(long most) {
        this.most = most;
    }

    /** Takes so many; false where that is too much, and nothing is taken. */
    boolean take(int more) {
        if (bytes.addAndGet(more) <= most) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    void giveBack(long fewer) {
        bytes.addAndGet(-fewer);
    }

    long bytes() {
        return bytes.get();
    }

    long most() {
        return most;
    }
}
