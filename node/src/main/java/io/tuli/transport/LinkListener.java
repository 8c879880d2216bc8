package io.tuli.transport;

import io.tuli.LinkStatus;
import io.tuli.MemberId;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import java.util.List;

/**
 * Who hears what happens on links. Every method is called on an event loop - the link's own, where
 * there is a link - and must not block. A link's calls come in this order: one {@code up}, any
 * number of others, one {@code down}; and the {@code down} of a link comes before the {@code up} of
 * the next one to the same peer.
 *
 * <p>None is ever called from inside a method of {@link Link} or {@link Transport}.
 */
public interface LinkListener {

    /** The peer is who it says, and frames can be sent. */
    void up(Link link);

    /** A frame has come that the peer's role allows. */
    void received(Link link, Frame frame);

    /** These frames are here: each will be {@code received} next, one after the other. */
    default void upcoming(Link link, List<Frame.OfPartition> frames) {}

    /**
     * All that had arrived has been handed over, on this link and on others of its loop: told once,
     * of the last one read. When this returns, whatever was put into outboxes of this loop is
     * written, once for each link.
     */
    void batchEnd(Link link);

    /** {@link Link#isWritable} may have changed: whoever waited for it should look again. */
    void writabilityChanged(Link link);

    /** The link is gone; what was sent on it may have arrived or not. */
    void down(Link link, String why);

    /** How things stand with a peer, whether there is a link or not. */
    void status(MemberId peer, LinkStatus status);

    /** This side is broken: there is no memory, or the virtual machine fails. On the loop. */
    default void broken(int loop, Throwable fatal) {}

    /** A connection was refused, here or by the other side; told at most once a minute each. */
    default void refused(String address, Refusal refusal, String why) {}
}
