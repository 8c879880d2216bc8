package io.tuli.browser;

import io.netty.util.concurrent.EventExecutor;

/** A session for which time passes. Used by its loop. */
interface Timed {

    EventExecutor loop();

    void tick(long nowNanos);
}
