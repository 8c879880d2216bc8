package io.tuli.transport;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One link for each peer. Any thread.
 *
 * <p>When a second one comes about, both sides must keep the same one: of two dialled by the same
 * side the newer, because that side would not dial while it has one; of two dialled by both, that
 * of the client, and between servers that of the smaller id.
 */
final class Links {

    private final ConcurrentMap<MemberId, Link> byPeer = new ConcurrentHashMap<>();

    /**
     * Takes a new link in the place of an older one, if any, which is answered and shall go first.
     *
     * @throws Refused DUPLICATE when the older one stays
     */
    @Nullable Link admit(Link link, Member self) {
        while (true) {
            Link old = byPeer.putIfAbsent(link.peerId(), link);
            if (old == null) {
                return null;
            }
            boolean isNewer = old.isClosed() || old.isDialer() == link.isDialer();
            if (!isNewer && !isPreferred(link, self)) {
                throw new Refused(
                        Refusal.DUPLICATE, "there must be one link to a member: " + link.peer());
            }
            if (byPeer.replace(link.peerId(), old, link)) {
                return old;
            }
        }
    }

    private static boolean isPreferred(Link link, Member self) {
        Member dialer = link.isDialer() ? self : link.peer();
        Member acceptor = link.isDialer() ? link.peer() : self;
        return dialer.isServer() == acceptor.isServer()
                ? dialer.id().compareTo(acceptor.id()) < 0
                : !dialer.isServer();
    }

    void remove(Link link) {
        byPeer.remove(link.peerId(), link);
    }

    @Nullable Link find(MemberId peer) {
        return byPeer.get(peer);
    }

    List<Link> all() {
        return List.copyOf(byPeer.values());
    }
}
