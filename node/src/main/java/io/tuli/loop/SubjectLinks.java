package io.tuli.loop;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.interest.PublishCore;
import io.tuli.protocol.Frame;
import io.tuli.transport.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of a member as what is published takes them: straight from the publisher's thread, and
 * only where there is much room, so that calls find some, too. Any thread.
 */
public final class SubjectLinks implements PublishCore.Ports {

    private static final Logger LOG = LoggerFactory.getLogger(SubjectLinks.class);

    private final PeerLinks peers;

    public SubjectLinks(PeerLinks peers) {
        this.peers = peers;
    }

    @Override
    public boolean mayLeave(MemberId to) {
        Link link = peers.link(to);
        return link != null && link.hasMuchRoom();
    }

    @Override
    public boolean isWritable(MemberId to) {
        Link link = peers.link(to);
        return link != null && link.isWritable();
    }

    /** What is longer than the other side takes is not sent: the gap shows. */
    @Override
    public void send(MemberId to, Frame.OfSubjects frame) {
        Link link = peers.link(to);
        boolean isTooLong =
                link != null
                        && frame instanceof Frame.Publish publish
                        && publish.publication().body().sizeBytes() > link.messageBytes();
        if (link != null && !isTooLong) {
            try {
                link.sendInOrder(frame);
            } catch (TuliException tooLong) {
                LOG.debug(
                        "What is published does not fit a frame, the gap shows: {}", link, tooLong);
            }
        }
    }

    /** Whether a member is on the same machine as this one, as far as it says so itself. */
    public boolean isNear(MemberId other, Member self) {
        Link link = peers.link(other);
        return link != null && link.peer().host().equals(self.host());
    }
}
