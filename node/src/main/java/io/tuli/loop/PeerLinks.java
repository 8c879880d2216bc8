package io.tuli.loop;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import io.tuli.publish.Publishing;
import io.tuli.service.Listeners;
import io.tuli.transport.Link;
import io.tuli.transport.LinkListener;
import io.tuli.transport.Transport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens on links, brought to the loops: frames to the loop of the link, ups and downs to
 * all. Also keeps how each link stands, for people. Thread-safe.
 */
public final class PeerLinks implements LinkListener {

    private final MemberId self;
    private final boolean isServer;
    private final Loops loops;
    private final Listeners listeners;
    private volatile Consumer<MemberId> onDown = gone -> {};
    private volatile Runnable onUp = () -> {};
    private volatile Consumer<MemberId> onWritable = peer -> {};
    private volatile MembershipNews news = MembershipNews.NONE;
    private volatile @Nullable Publishing publishing;
    private final Map<MemberId, LinkStatus> statuses = new ConcurrentHashMap<>();
    private final Map<MemberId, Member> known = new ConcurrentHashMap<>();

    /** Those of the last roster: who has only just come may have a link before. */
    private volatile Set<MemberId> inRoster = Set.of();

    private final Map<MemberId, Link> links = new ConcurrentHashMap<>();

    public PeerLinks(Member self, Loops loops, Listeners listeners) {
        this.self = self.id();
        this.isServer = self.isServer();
        this.loops = loops;
        this.listeners = listeners;
    }

    /** Once, before links come: also told when one goes. */
    public void onDown(Consumer<MemberId> listener) {
        onDown = listener;
    }

    /** Once, before links come: also told when there is room on one again. */
    public void onWritable(Consumer<MemberId> listener) {
        onWritable = listener;
    }

    /** Once, before links come: told when one does. */
    public void onUp(Runnable listener) {
        onUp = listener;
    }

    /** Once, before links come. */
    public void news(MembershipNews listener) {
        news = listener;
    }

    void heard(MemberId from, Frame.OfMembership frame) {
        Link link = links.get(from);
        if (link != null) {
            news.heard(link, frame);
        }
    }

    /** Once, before links come: also told of links and members. */
    public void publishing(Publishing told) {
        publishing = told;
    }

    private void tellPublishing(Consumer<Publishing> news) {
        Publishing told = publishing;
        if (told != null) {
            news.accept(told);
        }
    }

    /** It may have come back at just this moment, on another link. */
    private void forget(Publishing told, MemberId gone) {
        told.gone(gone);
        Link link = links.get(gone);
        if (link != null && !link.isClosed()) {
            told.linkUp(gone, link.peer().isServer());
        }
    }

    // ---- who is there --------------------------------------------------------------------------

    /** Dials who came, lets go of who went. One thread at a time. */
    public void present(List<Member> members, Transport transport) {
        Map<MemberId, Member> present = new LinkedHashMap<>();
        for (Member member : members) {
            present.put(member.id(), member);
            Member before = known.put(member.id(), member);
            boolean isNews = !member.equals(before) || !inRoster.contains(member.id());
            if (isNews && isDialled(member)) {
                statuses.putIfAbsent(member.id(), LinkStatus.DISCONNECTED);
                transport.connect(member);
            }
        }
        Set<MemberId> last = inRoster;
        inRoster = Set.copyOf(present.keySet());
        for (MemberId gone : last) {
            if (!present.containsKey(gone)) {
                known.remove(gone);
                statuses.remove(gone);
                transport.forget(gone);
                for (NodeLoop loop : loops.all()) {
                    loop.post(() -> loop.memberGone(gone));
                }
                tellPublishing(told -> forget(told, gone));
            }
        }
        List<MemberId> servers = members.stream().filter(Member::isServer).map(Member::id).toList();
        tellPublishing(told -> told.present(servers));
    }

    /** Of each pair one side dials: the client, and among servers the smaller id. */
    private boolean isDialled(Member other) {
        if (other.id().equals(self) || !other.isServer()) {
            return false;
        }
        return !isServer || self.compareTo(other.id()) < 0;
    }

    // ---- links ---------------------------------------------------------------------------------

    @Override
    public void up(Link link) {
        MemberId peer = link.peer().id();
        known.putIfAbsent(peer, link.peer());
        links.put(peer, link);
        tellPublishing(told -> told.linkUp(peer, link.peer().isServer()));
        each(link, loop -> loop.linkUp(peer, link));
        onUp.run();
        news.up(link);
    }

    /** Now on the link's own loop, so that frames find it done; soon on the others. */
    private void each(Link link, Consumer<NodeLoop> change) {
        for (NodeLoop loop : loops.all()) {
            if (loop.index() == link.loop()) {
                loop.run(() -> change.accept(loop));
            } else {
                loop.post(() -> change.accept(loop));
            }
        }
    }

    @Override
    public void received(Link link, Frame frame) {
        loops.at(link.loop()).read(link.peer().id(), frame);
    }

    @Override
    public void upcoming(Link link, List<Frame.OfPartition> frames) {
        loops.at(link.loop()).prefetch(frames);
    }

    @Override
    public void batchEnd(Link link) {
        loops.at(link.loop()).endBatch();
    }

    @Override
    public void writabilityChanged(Link link) {
        if (link.isWritable()) {
            MemberId peer = link.peer().id();
            each(link, loop -> loop.linkWritable(peer));
            onWritable.accept(peer);
        }
    }

    @Override
    public void down(Link link, String why) {
        MemberId peer = link.peer().id();
        links.remove(peer, link);
        if (!inRoster.contains(peer)) {
            known.remove(peer);
            tellPublishing(told -> told.gone(peer));
        }
        onDown.accept(peer);
        news.down(peer);
        tellPublishing(told -> told.linkDown(peer));
        listeners.tell(MeshEvent.of(MeshEvent.Kind.LINK_DOWN, why).member(link.peer()));
        each(link, loop -> loop.linkDown(peer, link));
    }

    @Override
    public void status(MemberId peer, LinkStatus status) {
        boolean isOver = status == LinkStatus.DISCONNECTED && !known.containsKey(peer);
        if (isOver || status == LinkStatus.REMOVED) {
            statuses.remove(peer);
        } else {
            statuses.put(peer, status);
        }
        switch (status) {
            case CONNECTING -> tell(MeshEvent.Kind.LINK_CONNECTING, peer);
            case CONNECTED, CLIENT -> tell(MeshEvent.Kind.LINK_UP, peer);
            case THROTTLED -> tell(MeshEvent.Kind.LINK_THROTTLED, peer);
            case DISCONNECTED, REMOVED -> {}
        }
    }

    private void tell(MeshEvent.Kind kind, MemberId peer) {
        Member member = known.get(peer);
        String text = member == null ? peer.toString() : member.toString();
        listeners.tell(MeshEvent.of(kind, text).member(member));
    }

    @Override
    public void refused(String address, Refusal refusal, String why) {
        String text = refusal + ": " + why;
        listeners.tell(MeshEvent.of(MeshEvent.Kind.LINK_REFUSED, text).address(address));
    }

    @Override
    public void broken(int loop, Throwable fatal) {
        loops.at(loop).stopFor(fatal);
    }

    /** For frames from threads that are no loop. */
    @Nullable Link link(MemberId peer) {
        return links.get(peer);
    }

    /** Whether the other end of the link to a member is a server; false where there is no link. */
    boolean isServer(MemberId peer) {
        Link link = links.get(peer);
        return link != null && link.peer().isServer();
    }

    /** The member of that text to which there is a link; null if there is none. */
    @Nullable MemberId find(String id) {
        for (MemberId peer : links.keySet()) {
            if (peer.toString().equals(id)) {
                return peer;
            }
        }
        return null;
    }

    /** Bytes that wait to be written, over all links; not exact. */
    public long pendingBytes() {
        return links.values().stream().mapToLong(Link::pendingBytes).sum();
    }

    /** How the link to each of these stands; to this member itself there is none. */
    public Map<Member, LinkStatus> statuses(List<Member> members) {
        Map<Member, LinkStatus> all = new LinkedHashMap<>();
        for (Member member : members) {
            if (!member.id().equals(self)) {
                all.put(member, statuses.getOrDefault(member.id(), LinkStatus.DISCONNECTED));
            }
        }
        return all;
    }
}
