package io.tuli.http;

/** What is looked at now and then, on its loop. */
interface Watched {

    /** Ends what has waited for too long. */
    void look(long nowNanos);

    /** The server closes: who has nothing under way goes now. */
    void retire();

    /** It has had time enough. */
    void abort();
}
