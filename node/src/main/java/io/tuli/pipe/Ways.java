package io.tuli.pipe;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;

/**
 * The links of a member as tunnels take them. A port: every method returns at once, on any thread,
 * and what one thread sends stays in order.
 */
public interface Ways {

    /**
     * Puts a piece on its way where there is much room on the link, so that calls find some, too.
     * Dropped where there is no link: then the tunnel is about to be told so.
     *
     * @return false where there is not much room: try again soon, or when {@link Tunnels#writable}
     */
    boolean sendIfRoom(MemberId to, TunnelFrame.Piece piece);

    /** Puts something short on its way. Dropped where there is no link. */
    void send(MemberId to, Frame frame);

    /** Whether there is a link to a member, or it is this one. */
    boolean isThere(MemberId member);

    /** Whether it is another member. */
    boolean isRemote(MemberId member);
}
