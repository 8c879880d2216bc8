package io.tuli.browser;

import io.tuli.invoke.Connection;

/** A session that counts among others, and is told when its gateway closes. */
interface Departing extends Timed {

    Connection connection();

    /** Runs on its loop; from any thread. */
    void run(Runnable task);

    /** The gateway closes: it is to come back, to another. On its loop. */
    void depart();
}
