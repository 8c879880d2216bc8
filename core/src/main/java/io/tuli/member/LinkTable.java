package io.tuli.member;

import io.tuli.MemberId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links to other members as one loop was told of them, which may not be as they are: each loop
 * of a member is told of a link at its own time. One thread.
 */
public final class LinkTable<L extends LinkTable.Way> {

    private final Map<MemberId, L> links = new HashMap<>();
    private final Set<MemberId> throttled = new HashSet<>();

    /** The link asked for last: answers come in bursts for one member. */
    private @Nullable L latest;

    private MemberId latestMember;

    private int messageBytesMax = Integer.MAX_VALUE;

    public LinkTable(MemberId self) {
        this.latestMember = self;
    }

    /** A way to another member. */
    public interface Way {

        boolean isToServer();

        /** Whether its outbox is below its limit. */
        boolean isWritable();

        /** The longest message the other side takes. */
        int messageBytes();
    }

    /** From now on this is the way to the member. */
    public void up(MemberId member, L link) {
        links.put(member, link);
        changed(member);
    }

    /** False if it was another link to the member, or none: then nothing has changed. */
    public boolean down(MemberId member, L link) {
        if (!link.equals(links.get(member))) {
            return false;
        }
        links.remove(member);
        changed(member);
        return true;
    }

    private void changed(MemberId member) {
        latest = null;
        throttled.remove(member);
        messageBytesMax = Integer.MAX_VALUE;
        for (L link : links.values()) {
            if (link.isToServer()) {
                messageBytesMax = Math.min(messageBytesMax, link.messageBytes());
            }
        }
    }

    public @Nullable L find(MemberId member) {
        L link = latest;
        if (link == null || !member.equals(latestMember)) {
            link = links.get(member);
            latest = link;
            latestMember = member;
        }
        return link;
    }

    /** There is room in the outbox again. */
    public void writable(MemberId member) {
        throttled.remove(member);
    }

    /** As {@link Network#isOpen}. */
    public boolean isOpen(MemberId member) {
        L link = find(member);
        if (link == null || (!throttled.isEmpty() && throttled.contains(member))) {
            return false;
        }
        if (link.isWritable()) {
            return true;
        }
        throttled.add(member);
        return false;
    }

    /** As {@link Network#isWritable}: full is full, and asked again at the next batch. */
    public boolean isWritable(MemberId member) {
        L link = find(member);
        return link != null && link.isWritable();
    }

    /** As {@link Network#messageBytesMax}. */
    public int messageBytesMax() {
        return messageBytesMax;
    }
}
