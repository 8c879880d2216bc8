package io.tuli.measure;

import java.util.concurrent.CompletableFuture;

/** Sends one message, and knows a right answer from a wrong one. Used by one thread. */
public interface Sender {

    /** The future may be complete already; it fails where the message was not answered. */
    CompletableFuture<?> send(long index, long round);

    /** Throws where the answer is not that message's. */
    void check(long index, long round, Object answer);

    /** Whether it failed because there was no room for it: nothing was executed. */
    default boolean isRefusal(Throwable failure) {
        return false;
    }
}
