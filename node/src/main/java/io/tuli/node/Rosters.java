package io.tuli.node;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.agreement.Roster;
import io.tuli.handshake.Refused;
import io.tuli.loop.MembershipNews;
import io.tuli.loop.PeerLinks;
import io.tuli.membership.Membership;
import io.tuli.membership.MembershipConfig;
import io.tuli.protocol.Frame;
import io.tuli.roster.ClientsChannel;
import io.tuli.roster.RosterChannel;
import io.tuli.roster.RosterLinks;
import io.tuli.secret.Role;
import io.tuli.transport.Link;
import io.tuli.transport.Transport;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the membership of a member: of the group if it serves, else of who is told over its links.
 */
final class Rosters implements RosterLinks {

    private final Transport transport;
    private final PeerLinks peers;

    Rosters(Transport transport, PeerLinks peers) {
        this.transport = transport;
        this.peers = peers;
    }

    Membership membership(MembershipConfig config, Member self, Consumer<Roster> listener) {
        return self.isServer()
                ? ofServer(config, self, listener)
                : ofClient(config, self, listener);
    }

    private Membership ofServer(MembershipConfig config, Member self, Consumer<Roster> listener) {
        ClientsChannel channel =
                new ClientsChannel(
                        Membership.group(config, transport.controlPort(), self),
                        this,
                        self,
                        config.timings().verify());
        peers.news(
                new MembershipNews() {
                    @Override
                    public void down(MemberId peer) {
                        channel.linkDown(peer);
                    }

                    @Override
                    public void heard(Link from, Frame.OfMembership frame) {
                        if (frame instanceof Frame.Uses uses && !from.peer().isServer()) {
                            channel.used(from.peer(), from.role() == Role.OPERATOR, uses);
                        }
                    }
                });
        return new Membership(channel, config.timings(), self, listener);
    }

    private Membership ofClient(MembershipConfig config, Member self, Consumer<Roster> listener) {
        RosterChannel channel = new RosterChannel(config, this, self);
        peers.news(
                new MembershipNews() {
                    @Override
                    public void up(Link link) {
                        channel.linkUp(link.peer());
                    }

                    @Override
                    public void down(MemberId peer) {
                        channel.linkDown(peer);
                    }

                    @Override
                    public void heard(Link from, Frame.OfMembership frame) {
                        if (frame instanceof Frame.Roster roster) {
                            channel.heard(from.peer().id(), roster);
                        }
                    }
                });
        return new Membership(channel, config.timings(), self, listener);
    }

    @Override
    public void send(MemberId to, Frame.OfMembership frame) {
        Link link = transport.link(to);
        if (link != null) {
            link.send(frame);
        }
    }

    @Override
    public void reach(InetSocketAddress where, Consumer<Optional<Refused>> done) {
        transport.reach(where, done);
    }
}
