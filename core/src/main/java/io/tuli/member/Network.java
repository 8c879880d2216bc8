package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;

/**
 * The links of one loop to other members. A port: every method returns at once and calls nothing
 * back.
 */
public interface Network {

    /**
     * Whether a call to the member would leave now. A link that was found full stays closed for
     * calls until {@link MemberCore#linkWritable}, so that those who wait go before those who come.
     */
    boolean isOpen(MemberId to);

    /** Whether what is replicated may be sent: there is a link, and room in its outbox. */
    boolean isWritable(MemberId to);

    /**
     * The longest message that every server takes to which there is a link, in bytes: longer ones
     * could not be replicated.
     */
    int messageBytesMax();

    /** Puts a frame on its way, in order. Dropped where there is no link. */
    void send(MemberId to, Frame frame);
}
