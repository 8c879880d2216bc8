package io.tuli.loop;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.member.Network;
import io.tuli.protocol.Frame;
import io.tuli.transport.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways out of one loop, to each other member its link. Each link touched is flushed once, at
 * the end of the batch. One thread.
 */
final class LoopNetwork implements Network {

    private static final Logger LOG = LoggerFactory.getLogger(LoopNetwork.class);

    private final Map<MemberId, Link> links = new HashMap<>();
    private final Set<MemberId> throttled = new HashSet<>();
    private final List<Link> touched = new ArrayList<>();

    /** The link sent to last: answers come in bursts for one member. */
    private @Nullable Link latest;

    private MemberId latestMember;

    private int messageBytesMax = Integer.MAX_VALUE;

    LoopNetwork(MemberId self) {
        this.latestMember = self;
    }

    void up(MemberId member, Link link) {
        links.put(member, link);
        changed(member);
    }

    private void changed(MemberId member) {
        latest = null;
        throttled.remove(member);
        messageBytesMax = Integer.MAX_VALUE;
        for (Link link : links.values()) {
            if (link.peer().isServer()) {
                messageBytesMax = Math.min(messageBytesMax, link.messageBytes());
            }
        }
    }

    /** False if it was another link to the member, or none: then nothing has changed. */
    boolean down(MemberId member, Link link) {
        if (!link.equals(links.get(member))) {
            return false;
        }
        links.remove(member);
        changed(member);
        return true;
    }

    @Nullable Link find(MemberId member) {
        Link link = latest;
        if (link == null || !member.equals(latestMember)) {
            link = links.get(member);
            latest = link;
            latestMember = member;
        }
        return link;
    }

    /** There is room in the outbox again. */
    void writable(MemberId member) {
        throttled.remove(member);
    }

    /**
     * Whether a frame to the member would leave now. Once a link was found full it stays closed
     * here until {@link #writable}, so that those who wait go before those who come.
     */
    @Override
    public boolean isOpen(MemberId member) {
        Link link = find(member);
        if (link == null || (!throttled.isEmpty() && throttled.contains(member))) {
            return false;
        }
        if (link.isWritable()) {
            return true;
        }
        throttled.add(member);
        return false;
    }

    /** For what is replicated: full is full, and asked again at the next batch. */
    @Override
    public boolean isWritable(MemberId member) {
        Link link = find(member);
        return link != null && link.isWritable();
    }

    @Override
    public int messageBytesMax() {
        return messageBytesMax;
    }

    @Override
    public void send(MemberId to, Frame frame) {
        Link link = find(to);
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
