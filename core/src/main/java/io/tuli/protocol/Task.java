package io.tuli.protocol;

import io.tuli.Payload;

/**
 * A request whose turn it is: its handler is to decide.
 *
 * @param number the owner's own number, to be given back with the decision
 * @param request what was asked
 * @param reader reads documents of the partition, on the owner's loop only
 * @param isRemote whether it has come from another member
 */
public record Task(long number, Frame.Request request, Reader reader, boolean isRemote) {

    /** The document at the request's top-level key, uncommitted edits included. */
    public Payload document() {
        return reader.read(request.key().top());
    }

    /** Reads documents as the owner sees them: committed state plus its own uncommitted edits. */
    @FunctionalInterface
    public interface Reader {
        Payload read(String topLevelKey);
    }
}
