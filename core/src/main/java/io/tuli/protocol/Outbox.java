package io.tuli.protocol;

import io.tuli.MemberId;

/**
 * What a core says to members. A port: every method returns at once, keeps order, and calls nothing
 * back into the core.
 */
public interface Outbox {

    /**
     * Puts a frame into the outbox to a member; this member itself is a valid addressee for
     * answers. Dropped where there is no link: what must arrive is asked for again.
     */
    void send(MemberId to, Frame frame);

    /**
     * False while the outbox to a member is over its high-water mark: what can wait in the
     * changelog waits there.
     */
    boolean isWritable(MemberId to);

    /**
     * The longest message that every server takes to which there is a link, in bytes: longer ones
     * could not be replicated.
     */
    int messageBytesMax();

    /**
     * The request of that number is in the owner's queue and its answer will take longer than this
     * batch: gathered, and told in one frame at the end of the batch.
     */
    void accepted(MemberId to, long call);
}
