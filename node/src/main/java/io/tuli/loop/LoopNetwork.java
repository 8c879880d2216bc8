package io.tuli.loop;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.member.LinkTable;
import io.tuli.member.Network;
import io.tuli.protocol.Frame;
import io.tuli.transport.Link;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways out of one loop, to each other member its link. Each link touched is flushed once, at
 * the end of the batch. One thread.
 */
final class LoopNetwork implements Network {

    private static final Logger LOG = LoggerFactory.getLogger(LoopNetwork.class);

    private final LinkTable<Link> links;
    private final List<Link> touched = new ArrayList<>();

    LoopNetwork(MemberId self) {
        this.links = new LinkTable<>(self);
    }

    void up(MemberId member, Link link) {
        links.up(member, link);
    }

    /** False if it was another link to the member, or none: then nothing has changed. */
    boolean down(MemberId member, Link link) {
        return links.down(member, link);
    }

    @Nullable Link find(MemberId member) {
        return links.find(member);
    }

    /** There is room in the outbox again. */
    void writable(MemberId member) {
        links.writable(member);
    }

    @Override
    public boolean isOpen(MemberId member) {
        return links.isOpen(member);
    }

    @Override
    public boolean isWritable(MemberId member) {
        return links.isWritable(member);
    }

    @Override
    public int messageBytesMax() {
        return links.messageBytesMax();
    }

    @Override
    public void send(MemberId to, Frame frame) {
        Link link = links.find(to);
        if (link != null) {
            send(link, frame);
            touched(link);
        }
    }

    /** Sends, or where it cannot be sent says so to whoever waits for it. */
    static void send(Link link, Frame frame) {
        try {
            link.send(frame);
        } catch (TuliException unsendable) {
            if (frame instanceof Frame.Result result) {
                link.send(withoutBody(result, unsendable));
            } else {
                String shown = Excerpt.of(frame);
                LOG.error("A frame could not be sent: frame={} link={}", shown, link, unsendable);
            }
        }
    }

    /** It had its effect, but its answer is too long to be told. */
    private static Frame.Result withoutBody(Frame.Result result, TuliException why) {
        return new Frame.Result(
                result.call(),
                Outcome.UNKNOWN,
                Failure.TOO_LARGE,
                "executed, but its answer cannot be sent: " + why.getMessage(),
                result.position(),
                result.copies(),
                result.disks(),
                false,
                Payload.NONE);
    }

    private void touched(Link link) {
        int last = touched.size() - 1;
        boolean isLast = last >= 0 && touched.get(last).equals(link);
        if (!isLast && !touched.contains(link)) {
            touched.add(link);
        }
    }

    void flush() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).flush();
        }
        touched.clear();
    }
}
