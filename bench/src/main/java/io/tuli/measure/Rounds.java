package io.tuli.measure;

/** Runs rounds of messages over connections that are there. One round at a time. */
public interface Rounds {

    /**
     * Sends each index below {@code count} once, and sees that every answer is right.
     *
     * @param how {@code pipeline}, {@code closed}, {@code open} with its {@code rate}, {@code
     *     burst}
     */
    Sample run(Words how, long count, long round) throws Exception;
}
