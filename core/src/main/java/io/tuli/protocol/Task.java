package io.tuli.protocol;

import io.tuli.Payload;

/**
 * A request whose turn it is: its handler is to decide.
 *
 * @param number the owner's own number, to be given back with the decision
 * @param request what was asked
 * @param document the document at the request's top-level key, uncommitted edits included
 * @param reader reads other documents of the partition, on the owner's loop only
 */
public record Task(long number, Frame.Request request, Payload document, Reader reader) {

    /** Reads documents as the owner sees them: committed state plus its own uncommitted edits. */
    @FunctionalInterface
    public interface Reader {
        Payload read(String topLevelKey);
    }
}
