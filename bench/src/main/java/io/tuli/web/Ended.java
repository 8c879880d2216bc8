package io.tuli.web;

import java.util.concurrent.atomic.AtomicLong;

/** Counts connections that have ended and were to stay. Used by one loop, read by any thread. */
final class Ended implements WebWire.Heard {

    private final AtomicLong lost = new AtomicLong();
    private volatile boolean isOver;

    @Override
    public void ready(WebWire wire) {}

    @Override
    public void message(WebWire wire, int status, String text) {}

    @Override
    public void ended(WebWire wire, String why) {
        if (!isOver) {
            lost.incrementAndGet();
        }
    }

    /** From now on they may end. */
    void over() {
        isOver = true;
    }

    long lost() {
        return lost.get();
    }
}
